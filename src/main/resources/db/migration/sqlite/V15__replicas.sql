-- Numbers that are given out in order and never again: the last of each so far.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

INSERT INTO counter (name, value)
SELECT name, seq
FROM sqlite_sequence
WHERE name IN ('anomaly', 'incident_news');
