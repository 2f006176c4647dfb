-- Series of an incident that were silenced when its receiver was told last: a JSON array of ids; null if it never was.

ALTER TABLE alert_firing ADD COLUMN left_out TEXT;
