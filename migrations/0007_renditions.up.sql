-- Renditions: the PDF of a version as people read and print it, one row for each time one was made.
-- What is in force is not a column: a rendition says which mark it carries, and since when.

CREATE TABLE renditions (
    id             TEXT PRIMARY KEY,
    platform       TEXT NOT NULL,
    revision       BIGINT NOT NULL,
    document       TEXT NOT NULL REFERENCES documents (id),
    version        TEXT NOT NULL REFERENCES versions (id),
    edition        BIGINT NOT NULL,
    token          TEXT NOT NULL,
    source         BYTEA NOT NULL,
    effective_from DATE NOT NULL,
    mark           TEXT NOT NULL,
    marked_on      DATE,
    state          TEXT NOT NULL,
    how            TEXT NOT NULL,
    attempts       BIGINT NOT NULL,
    asked_at       TIMESTAMPTZ NOT NULL,
    begun_at       TIMESTAMPTZ,
    next_at        TIMESTAMPTZ,
    failure        TEXT NOT NULL,
    failure_args   TEXT,
    base           BYTEA,
    content        BYTEA,
    size           BIGINT NOT NULL,
    pages          BIGINT NOT NULL,
    made_at        TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX renditions_edition ON renditions (version, edition);
--bun:split
-- The address printed as a QR code: the status page asks for it without signing in.
CREATE UNIQUE INDEX renditions_token ON renditions (token);
--bun:split
CREATE INDEX renditions_due ON renditions (state, next_at);
--bun:split
CREATE INDEX renditions_platform ON renditions (platform, state, id);
--bun:split
-- The sweep of the vault asks of each content who names it, whatever the platform.
CREATE INDEX renditions_content ON renditions (content);
--bun:split
CREATE INDEX renditions_base ON renditions (base);
--bun:split
-- How the documents of a platform look when they are printed.
CREATE TABLE document_settings (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    language  TEXT NOT NULL,
    logo      BYTEA,
    logo_type TEXT NOT NULL,
    logo_size BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX document_settings_platform ON document_settings (platform);
--bun:split
CREATE INDEX document_settings_logo ON document_settings (logo);
