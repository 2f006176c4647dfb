-- One row for each saved version of a model. The row is the commit point: its file is written before it
-- and removed after it.

CREATE TABLE model (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again: what is cached of a deleted model fits no new one
    name         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    created      INTEGER NOT NULL, -- epoch milliseconds UTC
    series       TEXT    NOT NULL, -- as the specification names it
    architecture TEXT    NOT NULL, -- a preset's name or a kind
    length       INTEGER NOT NULL, -- rows in one window
    parameters   INTEGER NOT NULL,
    sha256       TEXT    NOT NULL, -- the hash in its file
    UNIQUE (name, version)
) STRICT;
