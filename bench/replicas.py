"""Several processes on one database of which one is killed again and again: see bench/replicas."""

import csv
import json
import math
import random
import statistics
import sys
import threading
import time

from acknowledged import FIRST_MOMENT, STEP, Samples, ended_job, moment, write_request
from replicated import FINAL, Replicas, Servers

REPLICAS = 3
KILL_EVERY = 10
SENDERS = 4
SERIES_OF_SENDER = 50
ROWS = 10  # of each series in a request
LATER_ROWS = 50
TAKEOVER_LIMIT = 60
END_LIMIT = 180  # for what was accepted to be done after the last kill


def answered(replicas, chance, stop, *request):
    """The answer of one of them, asked until one has answered: by one that lives, and that has no reason to refuse it now."""
    while not stop.is_set():
        try:
            status, answer = replicas.any(chance).call(*request)
            if status < 500 and not (status == 409 and "request-running" in answer):
                return status, answer
        except OSError:
            pass  # killed
        time.sleep(0.2)
    raise SystemExit(f"{request[0]} {request[1]} found nobody to answer it")


def send(replicas, samples, sender, target, until, stop, chance):
    """Pushes until so many samples are stored, evenly until then: each request until somebody has acknowledged it."""
    series = [f"s{sender}x{number}" for number in range(SERIES_OF_SENDER)]
    began = time.monotonic()
    sent = 0
    while sent < target:
        wait = began + (until - began) * sent / target - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        rows_of = {one: samples.next(one, ROWS, chance) for one in series}
        for one, rows in rows_of.items():
            samples.doubt(one, rows)
        status, answer = answered(
            replicas, chance, stop, "POST", "/api/v1/ingest/prometheus/write", write_request(rows_of),
            {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})
        if status != 204:
            raise SystemExit(f"a push was answered {status}: {answer}")
        for one, rows in rows_of.items():
            samples.acknowledge(one, rows)
        sent += SERIES_OF_SENDER * ROWS


def submit(replicas, jobs, number, later, stop, chance):
    """Submits one job: a training or an upload for later."""
    key = {"Idempotency-Key": f"job-{number}"}
    if number % 2:
        model = {"name": f"model-{number}", "series": ["training"], "windowing": {"length": 8}, "architecture": {"preset": "base"},
                 "training": {"epochs": chance.choice([1, 2, 20]), "earlyStopping": None}}
        request = ("POST", "/api/v1/models", model, key)
    else:
        rows = later.next(f"later-{number}", LATER_ROWS, chance)
        body = f"timestamp,later-{number}\n" + "".join(f"{at},{value!r}\n" for at, value in rows.items())
        request = ("POST", "/api/v1/uploads", body.encode(), {"Content-Type": "text/csv", "Prefer": "respond-async", **key})
    status, answer = answered(replicas, chance, stop, *request)
    if status != 202:
        raise SystemExit(f"a job was answered {status}: {answer}")
    jobs[json.loads(answer)["id"]] = number
    if number % 2 == 0:
        later.acknowledge(f"later-{number}", rows)


def submit_all(replicas, jobs, count, until, later, stop, chance):
    began = time.monotonic()
    for number in range(count):
        wait = began + (until - began) * number / count - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        submit(replicas, jobs, number, later, stop, chance)


def prepare(service):
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/training/samples", {"samples": rows})[0] == 200


def wait_for(what, condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(0.5)


def check_jobs(replicas, servers, jobs):
    """Each job has ended once, and all of the processes say so alike; there are no others."""
    ends = {job: set() for job in jobs}
    for service in replicas.services:
        for job in jobs:
            state = ended_job(service, job)
            if state is None or state["state"] != "succeeded":
                raise SystemExit(f"job {job} ended as {state}")
            ends[job].add((state["state"], state["finished"], state["result"]))
    twice = {job: found for job, found in ends.items() if len(found) != 1}
    if twice:
        raise SystemExit(f"jobs ended in several ways: {twice}")
    for job in jobs:
        finals = [line for line in servers.lines if line[1:3] == ("job", str(job)) and line[4] in FINAL]
        if len(finals) != 1:
            raise SystemExit(f"job {job} was ended {len(finals)} times: {finals}")
    unknown = {line[2] for line in servers.lines if line[1] == "job"} - {str(job) for job in jobs}
    if unknown:
        raise SystemExit(f"jobs that nobody submitted: {unknown}")


def pages(service, path):
    cursor = ""
    while cursor is not None:
        status, answer = service.call("GET", f"{path}?limit=1000{cursor}")
        if status != 200:
            raise SystemExit(f"{path} answered {status}: {answer[:500]}")
        page = json.loads(answer)
        yield from page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None


def ids(service):
    """Ids of series by their instance, or else their name; no series is there twice."""
    found = {}
    for series in pages(service, "/api/v1/series"):
        name = series["labels"].get("instance", series["name"])
        if found.setdefault(name, series["id"]) != series["id"]:
            raise SystemExit(f"the series {name} is there twice")
    return found


def check_samples(replicas, samples, later):
    """All that was acknowledged is stored, once, and nothing else; whichever of the processes is asked."""
    deadline = time.monotonic() + END_LIMIT
    known = [ids(service) for service in replicas.services]
    if any(found != known[0] for found in known):
        raise SystemExit("the replicas know different series")
    for number, (series, one) in enumerate([*((one, samples) for one in samples.next_row), *((one, later) for one in later.next_row)]):
        service = replicas.services[number % REPLICAS]
        rows = rows_of(service, known[0][series])
        # What is acknowledged is in the topic; the one who stores it may have been killed a moment ago.
        while not one.acknowledged[series].keys() <= dict(rows).keys() and time.monotonic() < deadline:
            time.sleep(1)
            rows = rows_of(service, known[0][series])
        one.compare(series, rows)


def rows_of(service, series):
    """Stored samples, as (time, value)."""
    status, answer = service.call("GET", f"/api/v1/series/{series}/samples", headers={"Accept": "text/csv"})
    if status != 200:
        raise SystemExit(f"series {series} answered {status}: {answer[:500]}")
    return [(moment(row["timestamp"]), float(row["value"])) for row in csv.DictReader(answer.splitlines())]


def main():
    classpath, seconds, job_count, sample_count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(7)
    servers = Servers(classpath)
    settings = [*servers.settings, "--telltale.ingest.oldest=0"]
    replicas = Replicas(settings, REPLICAS)
    prepare(replicas.services[0])
    samples, later, jobs, kills, stop = Samples(), Samples(), {}, [], threading.Event()
    began = time.monotonic()
    until = began + seconds

    def guarded(work, *arguments):
        try:
            work(*arguments, stop, random.Random(chance.random()))
        except BaseException as failure:
            replicas.failures.append(failure)

    works = [(send, replicas, samples, sender, sample_count // SENDERS, until) for sender in range(SENDERS)]
    works.append((submit_all, replicas, jobs, job_count, until, later))
    threads = [threading.Thread(target=guarded, args=work) for work in works]
    for thread in threads:
        thread.start()
    next_kill = began + KILL_EVERY
    starts = []
    while next_kill < until:
        time.sleep(max(0, next_kill - time.monotonic()))
        next_kill += KILL_EVERY
        replicas.raise_failures()
        up = replicas.up()
        if not up:
            print("none is up to be killed", flush=True)
            continue
        number = chance.choice(up)
        had = [(*subject, servers.now[subject][0]) for subject in servers.held_by(replicas.name(number))]
        replicas.kill(number)
        kills.append((time.time(), had))
        print(f"{time.monotonic() - began:.0f} s: {replicas.name(number)} killed, which had "
              f"{sum(kind == 'job' for kind, *_ in had)} jobs and {sum(kind == 'partition' for kind, *_ in had)} partitions; "
              f"{len(up) - 1} others are up; {samples.count()} samples and {len(jobs)} jobs accepted", flush=True)
        starts.append(threading.Thread(target=replicas.start, args=(number,)))
        starts[-1].start()
    for thread in starts:
        thread.join()
    wait_for("senders", lambda: replicas.raise_failures() or not any(thread.is_alive() for thread in threads), END_LIMIT)
    wait_for("jobs", lambda: all(ended_job(replicas.services[0], job) for job in jobs), END_LIMIT)
    check_jobs(replicas, servers, jobs)
    check_samples(replicas, samples, later)
    found = servers.takeovers(kills)
    for kind, times in found.items():
        if max(times) > TAKEOVER_LIMIT:
            raise SystemExit(f"a {kind} was taken over after {max(times):.1f} s")
    replicas.stop()
    servers.stop()
    takeovers = ", ".join(f"{len(times)} of a {kind} within {max(times):.1f} s (median {statistics.median(times):.1f})"
                          for kind, times in sorted(found.items()))
    print(f"{len(kills)} kills of {REPLICAS} replicas in {seconds} s: 0 of {samples.count() + later.count()} acknowledged samples"
          f" lost, none twice; {len(jobs)} jobs, each ended once; takeovers: {takeovers}")


if __name__ == "__main__":
    main()
