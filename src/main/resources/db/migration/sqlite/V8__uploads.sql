-- What became of uploads that ran as jobs.
CREATE TABLE upload (
    id     INTEGER PRIMARY KEY, -- of the job
    report TEXT    NOT NULL     -- JSON, as the API shows it
) STRICT;
