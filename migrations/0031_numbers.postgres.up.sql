-- How numbers of uses begin, in the order of bytes whatever the language of the database: SQLite keeps its
-- index of numbers so already.
CREATE INDEX uses_by_beginning ON uses (platform, number text_pattern_ops);
