-- The search index: derived data, no record. It is made anew from the records whenever it is lost, no
-- leaf of the trail tells of it, and nothing but a search reads it. Words come analysed, so that both
-- engines hold the same sets of them.

-- One entry a searchable record. parent is what a hit opens, label what hits are ordered by, mark what the words were made of, shown
-- the rows of search_shown in one text.
CREATE TABLE search_entries (
    number   INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    parent   TEXT NOT NULL,
    label    TEXT NOT NULL,
    mark     TEXT NOT NULL,
    shown    TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX search_entries_subject ON search_entries (subject, kind);
--bun:split
CREATE INDEX search_entries_platform ON search_entries (platform, kind, number);
--bun:split
-- A set of words an entry: their order and number are not kept, nor the text.
CREATE VIRTUAL TABLE search_words USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
--bun:split
-- The days on which an entry is what a reader of its parent meets; team for those who read drafts.
CREATE TABLE search_shown (
    team   BOOLEAN NOT NULL,
    number BIGINT NOT NULL,
    since  DATE NOT NULL,
    until  DATE,
    PRIMARY KEY (team, number, since)
) WITHOUT ROWID;
--bun:split
-- The indexes that were once made to their end, and by which analyser.
CREATE TABLE search_builds (
    kind     TEXT PRIMARY KEY,
    analyser TEXT NOT NULL
);
