-- The master list as of a day rules versions out by their dates: this index holds all that tells the
-- state of a version on a day, so that figures over thousands of versions never touch the table.

CREATE INDEX versions_dated ON versions (platform, effective_until, effective_from, created_on, withdrawn_on, taken_over,
    approved_on, submitted_on, review_on, document, major, minor, id);
