-- Detectors, and what they know of each series that they watch. Scores lie in series of their own, written in
-- the same transaction as the state of the watch: the newest of them says through which row it has come.

CREATE TABLE detector (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE,
    specification TEXT NOT NULL -- JSON, as the API answers it
) STRICT;

CREATE TABLE watch (
    detector INTEGER NOT NULL REFERENCES detector (id) ON DELETE CASCADE,
    series   INTEGER NOT NULL, -- the first of those judged together
    channels TEXT    NOT NULL, -- ids of all of them, in the order of the model's channels
    scores   INTEGER NOT NULL, -- the series that holds the scores
    since    INTEGER, -- rows up to this time are not judged; null: all are
    origin   INTEGER, -- of the grid, where it is the series' own
    version  INTEGER NOT NULL, -- of the model that the scale was learned with, 0 without one
    scale    BLOB, -- JSON, learned of this series; null while there are too few rows, or the model's is used
    counted  INTEGER NOT NULL, -- whether each of the last rows counted towards an alarm, a bit each
    last_row INTEGER NOT NULL, -- the newest row among those, by its number on the grid
    alarming INTEGER NOT NULL,
    last_end INTEGER, -- when the last alarm was over
    ended_at INTEGER, -- when its sender said that no more samples come; null once some came again
    PRIMARY KEY (detector, series)
) STRICT, WITHOUT ROWID;
