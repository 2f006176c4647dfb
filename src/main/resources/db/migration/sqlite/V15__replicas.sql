-- What one text of SQL for SQLite and PostgreSQL needs. On SQLite one process does all the work.

-- The last number that was given of each kind; none is given twice.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

INSERT INTO counter (name, value)
SELECT kind.name, coalesce((SELECT max(given.seq) FROM sqlite_sequence given WHERE given.name = kind.name), 0)
FROM (SELECT 'anomaly' AS name UNION ALL SELECT 'incident_news') kind;

-- How many series there are.
INSERT INTO counter (name, value) VALUES ('series', (SELECT count(*) FROM series));

-- The part of the store in which a series lies.
ALTER TABLE series ADD COLUMN partition INTEGER NOT NULL DEFAULT 0;

-- Who runs a job, and which of its runs that is.
ALTER TABLE job ADD COLUMN owner TEXT;
ALTER TABLE job ADD COLUMN token INTEGER NOT NULL DEFAULT 0;

-- What is asked of a detector without reading its specification, and how often that was changed.
ALTER TABLE detector ADD COLUMN model TEXT;
ALTER TABLE detector ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE detector SET model = json_extract(specification, '$.model');

-- An answer without a status is that of a request under way.
CREATE TABLE answer_of_owner (
    key         TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL, -- SHA-256 of method, path, query and decoded body
    owner       TEXT,          -- who serves the request
    status      INTEGER,
    headers     TEXT,          -- JSON object
    body        BLOB,
    created     INTEGER NOT NULL -- epoch milliseconds UTC
) STRICT;

INSERT INTO answer_of_owner (key, fingerprint, status, headers, body, created)
SELECT key, fingerprint, status, headers, body, created
FROM answer;
DROP TABLE answer;
ALTER TABLE answer_of_owner RENAME TO answer;
CREATE INDEX answer_created ON answer (created);
