-- One row for each model: which of its versions scores unless a request names another. A switch is one
-- update of this row.

CREATE TABLE active_model (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    newest  INTEGER NOT NULL, -- highest number given to a version so far; none is given twice
    FOREIGN KEY (name, version) REFERENCES model (name, version)
) STRICT;

INSERT INTO active_model (name, version, newest)
SELECT name, max(version), max(version)
FROM model
GROUP BY name;
