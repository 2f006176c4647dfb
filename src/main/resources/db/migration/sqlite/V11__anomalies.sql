-- What detectors found. Times are epoch milliseconds UTC; those named changed or given are of this machine's
-- clock, the others of samples.

-- A series as it was when something was found in it: it may be deleted since.
CREATE TABLE found_series (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    labels      TEXT NOT NULL, -- JSON object
    unit        TEXT,
    interval_ms INTEGER
) STRICT;

CREATE INDEX found_series_of_name ON found_series (name);

CREATE TABLE incident (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
    detector   TEXT    NOT NULL,
    open       INTEGER NOT NULL,
    start      INTEGER NOT NULL,
    finish     INTEGER NOT NULL, -- inclusive
    peak_time  INTEGER NOT NULL,
    peak_score REAL    NOT NULL,
    anomalies  INTEGER NOT NULL,
    series     INTEGER NOT NULL, -- how many
    weight     REAL    NOT NULL, -- of all its series
    gap_ms     INTEGER NOT NULL, -- so long without a change, and it is over
    receivers  TEXT    NOT NULL, -- JSON array of names
    changed    INTEGER NOT NULL
) STRICT;

CREATE INDEX incident_that_is_open ON incident (detector, id) WHERE open = 1;
CREATE INDEX incident_that_is_over ON incident (changed) WHERE open = 0;

CREATE TABLE incident_series (
    incident   INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    series     INTEGER NOT NULL REFERENCES found_series (id),
    peak_score REAL    NOT NULL,
    weight     REAL    NOT NULL, -- the largest product of an anomaly's peak score and the series' part in it
    PRIMARY KEY (incident, series)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_series_by_score ON incident_series (incident, peak_score DESC, weight DESC, series);
CREATE INDEX incident_series_of_series ON incident_series (series);

-- The latest change of each incident; ids ascend and are never given again, so whoever followed up to one of
-- them knows where to go on.
CREATE TABLE incident_news (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    incident INTEGER NOT NULL UNIQUE REFERENCES incident (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE anomaly (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
    incident      INTEGER REFERENCES incident (id) ON DELETE SET NULL, -- stays where it became a false alarm
    detector      TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    start         INTEGER NOT NULL,
    finish        INTEGER NOT NULL, -- inclusive
    open          INTEGER NOT NULL,
    peak_time     INTEGER NOT NULL,
    peak_score    REAL    NOT NULL,
    peak_value    REAL,
    peak_expected REAL,
    suppressed    TEXT,
    verdict       INTEGER, -- of feedback: whether it was one
    note          TEXT,
    given         INTEGER,
    annotated     INTEGER, -- up to this end by feedback
    changed       INTEGER NOT NULL
) STRICT;

CREATE INDEX anomaly_of_incident ON anomaly (incident, id);
CREATE INDEX anomaly_that_is_open ON anomaly (incident, detector) WHERE open = 1;
CREATE INDEX anomaly_that_is_over ON anomaly (changed) WHERE open = 0;
CREATE INDEX anomaly_to_annotate ON anomaly (id) WHERE annotated < finish;

CREATE TABLE anomaly_part (
    anomaly      INTEGER NOT NULL REFERENCES anomaly (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    series       INTEGER NOT NULL REFERENCES found_series (id),
    contribution REAL,
    annotation   INTEGER, -- that feedback made
    PRIMARY KEY (anomaly, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX anomaly_part_of_series ON anomaly_part (series, anomaly);
