-- The quality kit: templates of the site, and what platforms make of them. What is in force, behind or
-- not applicable is no column: it follows from versions, copies and answers.

CREATE TABLE kit_templates (
    id          TEXT PRIMARY KEY,
    platform    TEXT,
    revision    BIGINT NOT NULL,
    code        TEXT NOT NULL,
    french      TEXT NOT NULL,
    english     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    process     TEXT NOT NULL,
    language    TEXT NOT NULL,
    theme       TEXT NOT NULL,
    place       BIGINT NOT NULL,
    description TEXT NOT NULL,
    ended_on    DATE,
    ended_at    TIMESTAMPTZ,
    ended_by    TEXT,
    ended_name  TEXT NOT NULL,
    end_reason  TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX kit_templates_code ON kit_templates (code);
--bun:split
CREATE TABLE kit_versions (
    id             TEXT PRIMARY KEY,
    platform       TEXT,
    revision       BIGINT NOT NULL,
    template       TEXT NOT NULL REFERENCES kit_templates (id),
    major          BIGINT NOT NULL,
    minor          BIGINT NOT NULL,
    file_name      TEXT NOT NULL,
    media_type     TEXT NOT NULL,
    size           BIGINT NOT NULL,
    content        BYTEA NOT NULL,
    changes        TEXT NOT NULL,
    published_on   DATE NOT NULL,
    published_at   TIMESTAMPTZ NOT NULL,
    published_by   TEXT,
    published_name TEXT NOT NULL,
    ended_on       DATE,
    ended_at       TIMESTAMPTZ,
    ended_by       TEXT,
    ended_name     TEXT NOT NULL,
    end_reason     TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX kit_versions_number ON kit_versions (template, major, minor);
--bun:split
CREATE INDEX kit_versions_content ON kit_versions (content);
--bun:split
CREATE TABLE kit_contents (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    digest   BYTEA NOT NULL,
    format   TEXT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX kit_contents_digest ON kit_contents (digest);
--bun:split
CREATE TABLE kit_copies (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    document   TEXT NOT NULL REFERENCES documents (id),
    template   TEXT NOT NULL REFERENCES kit_templates (id),
    version    TEXT NOT NULL REFERENCES kit_versions (id),
    linked     BOOLEAN NOT NULL,
    reason     TEXT NOT NULL,
    copied_on  DATE NOT NULL,
    copied_at  TIMESTAMPTZ NOT NULL,
    person     TEXT,
    name       TEXT NOT NULL,
    ended_on   DATE,
    ended_at   TIMESTAMPTZ,
    ended_by   TEXT,
    ended_name TEXT NOT NULL,
    end_reason TEXT NOT NULL
);
--bun:split
CREATE INDEX kit_copies_platform ON kit_copies (platform, template);
--bun:split
CREATE INDEX kit_copies_document ON kit_copies (document);
--bun:split
CREATE TABLE kit_answers (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    template    TEXT NOT NULL REFERENCES kit_templates (id),
    version     TEXT NOT NULL REFERENCES kit_versions (id),
    copy        TEXT REFERENCES kit_copies (id),
    answer      TEXT NOT NULL,
    taken_by    TEXT REFERENCES versions (id),
    reason      TEXT NOT NULL,
    answered_on DATE NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    person      TEXT,
    name        TEXT NOT NULL,
    ended_on    DATE,
    ended_at    TIMESTAMPTZ,
    ended_by    TEXT,
    ended_name  TEXT NOT NULL,
    end_reason  TEXT NOT NULL
);
--bun:split
CREATE INDEX kit_answers_platform ON kit_answers (platform, template);
