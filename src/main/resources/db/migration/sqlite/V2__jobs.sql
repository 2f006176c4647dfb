-- What a job is and how far it has come.
CREATE TABLE job (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    kind             TEXT    NOT NULL,
    subject          TEXT    NOT NULL,
    payload          TEXT    NOT NULL, -- JSON
    state            TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    progress         TEXT,             -- JSON
    result           TEXT,             -- path
    problem          TEXT,             -- JSON
    created          INTEGER NOT NULL, -- epoch milliseconds UTC, as the two below
    started          INTEGER,
    finished         INTEGER
) STRICT;

-- A name is taken while a job that holds it is queued or running.
CREATE UNIQUE INDEX job_holds_subject ON job (kind, subject) WHERE state IN ('queued', 'running');
CREATE INDEX job_state ON job (state);

-- Whose turn it is: the table of db-scheduler in the form that its version 16.12.0 asks for. It is
-- made anew from `job` at each start.
CREATE TABLE scheduled_tasks (
    task_name            TEXT    NOT NULL,
    task_instance        TEXT    NOT NULL,
    task_data            BLOB,
    execution_time       INTEGER NOT NULL,
    picked               INTEGER NOT NULL,
    picked_by            TEXT,
    last_success         INTEGER,
    last_failure         INTEGER,
    consecutive_failures INTEGER,
    last_heartbeat       INTEGER,
    version              INTEGER NOT NULL,
    priority             INTEGER,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);
