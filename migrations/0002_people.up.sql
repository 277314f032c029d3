CREATE TABLE platforms (
    id        TEXT PRIMARY KEY,
    platform  TEXT,
    revision  BIGINT NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    made_at   TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE UNIQUE INDEX platforms_code ON platforms (code);
--bun:split
CREATE TABLE people (
    id        TEXT PRIMARY KEY,
    platform  TEXT,
    revision  BIGINT NOT NULL,
    name      TEXT NOT NULL,
    email     TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX people_email ON people (email) WHERE email <> '';
--bun:split
CREATE TABLE memberships (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    person     TEXT NOT NULL,
    code       TEXT NOT NULL,
    trainer    BOOLEAN NOT NULL,
    from_date  DATE,
    until_date DATE
);
--bun:split
CREATE UNIQUE INDEX memberships_code ON memberships (platform, code);
--bun:split
CREATE UNIQUE INDEX memberships_person ON memberships (platform, person);
--bun:split
CREATE INDEX memberships_of_person ON memberships (person);
--bun:split
CREATE TABLE role_grants (
    id         TEXT PRIMARY KEY,
    platform   TEXT,
    revision   BIGINT NOT NULL,
    person     TEXT NOT NULL,
    role       TEXT NOT NULL,
    from_date  DATE NOT NULL,
    until_date DATE
);
--bun:split
CREATE INDEX role_grants_of_person ON role_grants (person);
--bun:split
CREATE INDEX role_grants_of_platform ON role_grants (platform, person);
--bun:split
CREATE TABLE accounts (
    id            TEXT PRIMARY KEY,
    platform      TEXT,
    revision      BIGINT NOT NULL,
    person        TEXT NOT NULL,
    email         TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    changed_at    TIMESTAMPTZ NOT NULL,
    closed_at     TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX accounts_email ON accounts (email);
--bun:split
CREATE UNIQUE INDEX accounts_person ON accounts (person);
--bun:split
CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    platform   TEXT,
    revision   BIGINT NOT NULL,
    person     TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    opened_at  TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
--bun:split
CREATE INDEX sessions_of_person ON sessions (person);
