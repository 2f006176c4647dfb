package dev.telltale.jobs;

/// A job that is this process's to run.
///
/// @param token one more than that of the job's last run; who has another than the last changes nothing of the job
record Claim(Job job, long token) {}
