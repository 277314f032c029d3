-- One head a log, the site's and each platform's: its lock orders the writers, its frontier is all
-- that an append needs to read.
CREATE TABLE trail_heads (
    log TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    peaks BYTEA NOT NULL
);
--bun:split
-- One leaf an act. hashes are those that the leaf completes, level 0 first, 32 bytes each.
CREATE TABLE trail_entries (
    log TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT,
    actor_name TEXT NOT NULL,
    behalf TEXT,
    act TEXT NOT NULL,
    subject TEXT,
    reason TEXT NOT NULL,
    request TEXT NOT NULL,
    changes BIGINT NOT NULL,
    root BYTEA NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (log, seq)
);
--bun:split
CREATE INDEX trail_entries_subject ON trail_entries (log, subject, seq);
--bun:split
CREATE INDEX trail_entries_actor ON trail_entries (log, actor, seq);
--bun:split
CREATE INDEX trail_entries_act ON trail_entries (log, act, seq);
--bun:split
CREATE INDEX trail_entries_at ON trail_entries (log, at);
--bun:split
-- What an act did to each row, in the order it did it. revision is the row's after the change.
CREATE TABLE trail_changes (
    log TEXT NOT NULL,
    seq BIGINT NOT NULL,
    position BIGINT NOT NULL,
    row_table TEXT NOT NULL,
    row_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    before TEXT,
    after TEXT NOT NULL,
    PRIMARY KEY (log, seq, position)
);
--bun:split
CREATE INDEX trail_changes_row ON trail_changes (row_id, row_table, revision);
--bun:split
-- Numbers given out, gapless, per log and counter.
CREATE TABLE counters (
    log TEXT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (log, name)
);
