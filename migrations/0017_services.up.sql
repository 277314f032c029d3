-- Requests by the public form, what a client asks for in more words, samples, the release of a report as
-- an act of its own, the end of a request without a report, and numbers that the accountants give.

ALTER TABLE requests ADD COLUMN contact_name TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE requests ADD COLUMN contact_email TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE requests ADD COLUMN description TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE requests ADD COLUMN wished_on DATE;
--bun:split
-- How it came: hand, form or import; empty for what was recorded before this was kept.
ALTER TABLE requests ADD COLUMN origin TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE requests ADD COLUMN submission TEXT;
--bun:split
ALTER TABLE requests ADD COLUMN closed_on DATE;
--bun:split
ALTER TABLE requests ADD COLUMN closed_as TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE requests ADD COLUMN closed_reason TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE reports ADD COLUMN released_on DATE;
--bun:split
ALTER TABLE invoices ADD COLUMN external TEXT NOT NULL DEFAULT '';
--bun:split
CREATE INDEX invoices_by_external ON invoices (platform, external);
--bun:split
CREATE TABLE samples (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    number      TEXT NOT NULL,
    request     TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity    TEXT NOT NULL,
    received_on DATE NOT NULL,
    received_by TEXT,
    condition   TEXT NOT NULL,
    place       TEXT NOT NULL,
    fate        TEXT NOT NULL,
    fate_on     DATE,
    fate_by     TEXT,
    fate_note   TEXT NOT NULL,
    void        TEXT NOT NULL,
    UNIQUE (platform, number)
);
--bun:split
CREATE INDEX samples_by_request ON samples (platform, request, number);
--bun:split
CREATE TABLE request_forms (
    id              TEXT PRIMARY KEY,
    platform        TEXT NOT NULL UNIQUE,
    revision        BIGINT NOT NULL,
    receives        BOOLEAN NOT NULL,
    intro_french    TEXT NOT NULL,
    intro_english   TEXT NOT NULL,
    consent_french  TEXT NOT NULL,
    consent_english TEXT NOT NULL
);
--bun:split
CREATE TABLE submissions (
    id            TEXT PRIMARY KEY,
    platform      TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    reference     TEXT NOT NULL,
    received_at   TIMESTAMPTZ NOT NULL,
    received_on   DATE NOT NULL,
    language      TEXT NOT NULL,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    client        TEXT NOT NULL,
    client_status TEXT NOT NULL,
    subject       TEXT NOT NULL,
    description   TEXT NOT NULL,
    samples       TEXT NOT NULL,
    wished_on     DATE,
    state         TEXT NOT NULL,
    decided_by    TEXT,
    decided_on    DATE,
    reason        TEXT NOT NULL,
    request       TEXT NOT NULL,
    UNIQUE (platform, reference)
);
--bun:split
CREATE INDEX submissions_by_state ON submissions (platform, state, received_at, id);
--bun:split
CREATE INDEX submissions_by_day ON submissions (platform, received_on);
