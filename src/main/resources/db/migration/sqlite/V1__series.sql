-- docs/storage-format.md draws these tables and the bytes in their blobs.

CREATE TABLE series (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
    name        TEXT    NOT NULL,
    labels      TEXT    NOT NULL,                  -- JSON object, names ascending, no blanks
    unit        TEXT,
    interval_ms INTEGER,
    compacted   INTEGER NOT NULL DEFAULT 0,        -- its samples of journal rows up to this one are in chunks
    newest      INTEGER,                           -- time of the newest sample in its chunks
    UNIQUE (name, labels)
) STRICT;

CREATE TABLE chunk (
    id      INTEGER PRIMARY KEY,
    series  INTEGER NOT NULL REFERENCES series (id),
    start   INTEGER NOT NULL, -- time of the first sample
    last    INTEGER NOT NULL, -- time of the last sample, before the start of the next chunk
    count   INTEGER NOT NULL,
    samples BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX chunk_of_series ON chunk (series, start);

CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    samples  BLOB NOT NULL
) STRICT;

CREATE TABLE annotation (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    series  INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    label_set TEXT  NOT NULL,
    start   INTEGER NOT NULL,
    finish  INTEGER NOT NULL, -- inclusive
    verdict TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    note    TEXT
) STRICT;

CREATE INDEX annotation_of_series ON annotation (series, label_set, start);
