-- Who is told of incidents. The secret of a webhook stands in its settings.

CREATE TABLE alert_receiver (
    name         TEXT PRIMARY KEY,
    revision     INTEGER NOT NULL, -- another one at each change of the settings
    settings     TEXT NOT NULL,    -- JSON
    last_success INTEGER,          -- epoch milliseconds
    last_failure INTEGER,          -- epoch milliseconds
    failure      TEXT,             -- cause of the last failure
    dropped      INTEGER NOT NULL DEFAULT 0,
    last_drop    TEXT              -- JSON: what was dropped last and why
) STRICT;

-- Incidents that a receiver is to be told of: written with the incident, forgotten once its end is in the outbox.
CREATE TABLE alert_firing (
    receiver TEXT NOT NULL REFERENCES alert_receiver (name) ON DELETE CASCADE,
    incident INTEGER NOT NULL,
    alerts   TEXT NOT NULL,    -- JSON
    open     INTEGER NOT NULL, -- 0 once it is over
    fresh    INTEGER NOT NULL, -- 1 if it changed since it was told
    told     INTEGER,          -- when it was told last, epoch milliseconds; null if never
    again    INTEGER NOT NULL, -- not told again before, epoch milliseconds
    due      INTEGER NOT NULL, -- when to look at it, epoch milliseconds
    PRIMARY KEY (receiver, incident)
) STRICT;

CREATE INDEX alert_firing_due ON alert_firing (due);
CREATE INDEX alert_firing_incident ON alert_firing (incident);

-- What is to be sent, in order. A row never changes but for its attempts.
CREATE TABLE alert_outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    receiver   TEXT NOT NULL REFERENCES alert_receiver (name) ON DELETE CASCADE,
    event      TEXT NOT NULL,    -- the same in each attempt
    incident   INTEGER NOT NULL,
    occasion   TEXT NOT NULL,
    time       INTEGER NOT NULL, -- epoch milliseconds
    alerts     TEXT NOT NULL,    -- JSON
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0 -- the next attempt, epoch milliseconds
) STRICT;

CREATE INDEX alert_outbox_receiver ON alert_outbox (receiver, id);
CREATE INDEX alert_outbox_incident ON alert_outbox (incident);

CREATE TABLE alert_silence (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    revision   INTEGER NOT NULL, -- another one at each change
    definition TEXT NOT NULL,    -- JSON
    ends       INTEGER           -- epoch milliseconds; null if it recurs for ever
) STRICT;
