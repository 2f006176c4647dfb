-- Answers to requests that named an Idempotency-Key, for who sends the same request again.
CREATE TABLE answer (
    key         TEXT    PRIMARY KEY,
    fingerprint TEXT    NOT NULL, -- SHA-256 of method, path, query and decoded body
    status      INTEGER NOT NULL,
    headers     TEXT    NOT NULL, -- JSON object
    body        BLOB    NOT NULL,
    created     INTEGER NOT NULL  -- epoch milliseconds UTC
) STRICT;

CREATE INDEX answer_created ON answer (created);
