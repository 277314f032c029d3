-- How a platform heads the columns of its registers where nobody could know: said once by hand, and
-- used again whenever the same headings come. Columns and headings are JSON.

CREATE TABLE register_mappings (
    id            TEXT PRIMARY KEY,
    platform      TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    signature     TEXT NOT NULL,
    sheet         TEXT NOT NULL,
    register      TEXT NOT NULL,
    headings      TEXT NOT NULL,
    columns       TEXT NOT NULL,
    dates         TEXT NOT NULL,
    remembered_by TEXT NOT NULL,
    remembered_at TIMESTAMPTZ NOT NULL,
    void          TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX register_mappings_signature ON register_mappings (platform, signature) WHERE void = '';
