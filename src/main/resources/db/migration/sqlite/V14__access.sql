-- Who may call. Of a key's secret only the hash is kept. Rows stay when a key is revoked or has expired: as long as
-- there is one, nobody is served without showing a credential.
CREATE TABLE access_key (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT    NOT NULL UNIQUE, -- a-z and 0-9
    name    TEXT    NOT NULL,
    roles   TEXT    NOT NULL, -- names with a comma between
    created INTEGER NOT NULL, -- epoch milliseconds UTC, as the others
    expires INTEGER,          -- null: never
    revoked INTEGER,          -- null: not yet
    hash    BLOB    NOT NULL  -- SHA-256 of the secret's characters
) STRICT;
