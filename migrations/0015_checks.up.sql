-- The hour at which a use began, so that one which lasts beyond midnight is known to; and indexes that
-- hold the identifier too: check S11 asks for the files of each record, and a full check that had to go
-- back to the table for it would be ten times as slow on SQLite.

ALTER TABLE uses ADD COLUMN began TEXT NOT NULL DEFAULT '';

--bun:split

DROP INDEX requests_by_number;

--bun:split

CREATE INDEX requests_by_number ON requests (platform, number, date, void, id);

--bun:split

DROP INDEX quotes_by_request;

--bun:split

CREATE INDEX quotes_by_request ON quotes (platform, request, date, accepted_on, total, void, number, id);

--bun:split

DROP INDEX reports_by_request;

--bun:split

CREATE INDEX reports_by_request ON reports
    (platform, request, date, analysed_on, operator, equipment, instruction, instruction_version, void, number, id);

--bun:split

DROP INDEX invoices_by_request;

--bun:split

CREATE INDEX invoices_by_request ON invoices (platform, request, date, quote, total, void, number, id);
