-- What became of tunings, as the API answers it. The id is that of the job.

CREATE TABLE tuning (
    id     INTEGER PRIMARY KEY,
    report TEXT NOT NULL
) STRICT;
