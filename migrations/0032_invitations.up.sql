-- Invitations to sessions: what was said to whom about which session, each with the calendar part of its
-- mail. The mail itself waits in the outbox. It is queued by the act that plans, changes or cancels the
-- session and belongs to no run (slot 0), so that one person may have several.

CREATE TABLE invites (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    meeting    TEXT NOT NULL REFERENCES meetings (id),
    person     TEXT,
    name       TEXT NOT NULL,
    address    TEXT NOT NULL,
    method     TEXT NOT NULL,
    sequence   BIGINT NOT NULL,
    language   TEXT NOT NULL,
    told       TEXT NOT NULL,
    calendar   TEXT NOT NULL,
    over_at    TIMESTAMPTZ NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX invites_meeting ON invites (meeting, id);
--bun:split
ALTER TABLE mails ADD COLUMN invite TEXT;
--bun:split
CREATE INDEX mails_invite ON mails (invite);
--bun:split
-- One mail a person of one run; what no run queued is not counted.
DROP INDEX mails_person;
--bun:split
CREATE UNIQUE INDEX mails_person ON mails (person, slot) WHERE invite IS NULL;
