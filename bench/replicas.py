"""Several processes on one database of which one is killed again and again: see bench/replicas."""

import csv
import json
import math
import random
import statistics
import struct
import subprocess
import sys
import threading
import time

from acknowledged import FIRST_MOMENT, STEP, Samples, ended_job, field, moment, snappy, varint
from service import RUNNING, Service, java, new_data, remove

REPLICAS = 3
KILL_EVERY = 10
SENDERS = 4
SERIES_OF_SENDER = 50
ROWS = 10  # of each series in a request
LATER_ROWS = 50
TAKEOVER_LIMIT = 60
END_LIMIT = 180  # for what was accepted to be done after the last kill
FINAL = ("succeeded", "failed", "cancelled")


class Servers:
    """PostgreSQL and Kafka, and what the database says of who works on what."""

    def __init__(self, classpath):
        self.process = subprocess.Popen(
            [java(), "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath, "dev.telltale.ops.ReplicaServers"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        RUNNING.append(self)
        for line in self.process.stdout:
            if line.startswith("--"):
                self.settings = line.split()
                break
            if " for tests: " in line:
                print(line, end="", flush=True)  # which servers these are
        else:
            raise SystemExit("the servers did not start")
        self.lines = []  # (seconds, kind, subject, owner, state)
        self.now = {}  # (kind, subject): (owner, state)
        self.lock = threading.Lock()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        for line in self.process.stdout:
            words = line.split()
            if len(words) != 5 or not words[0].isdigit():
                raise SystemExit(line)
            with self.lock:
                self.lines.append((int(words[0]) / 1000, *words[1:]))
                self.now[words[1], words[2]] = (words[3], words[4])

    def held_by(self, name):
        with self.lock:
            return [subject for subject, (owner, state) in self.now.items()
                    if owner.startswith(name + "-") and not (subject[0] == "job" and state != "running")]

    def takeovers(self, kills):
        """Seconds by kind until each thing that a killed process had was another's, or done by it.

        @param kills when, and (kind, subject, owner) that it had then"""
        found = {}
        for killed, had in kills:
            for kind, subject, owner in had:
                after = [line for line in self.lines if line[1:3] == (kind, subject) and line[0] > killed]
                taken = next((line[0] for line in after if line[3] not in (owner, "-") or line[4] in FINAL), None)
                if taken is None:
                    raise SystemExit(f"{kind} {subject} was never taken over from {owner}")
                found.setdefault(kind, []).append(taken - killed)
        return found

    def kill(self):  # by who cleans up
        self.stop()

    def stop(self):
        RUNNING.remove(self)
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Replicas:
    """Processes of the service of which one is killed now and then, and started again at once."""

    def __init__(self, settings, count):
        self.settings = settings
        self.count = count
        self.data = [new_data("replicas") for _ in range(count)]
        self.services = [None] * count
        self.lock = threading.Lock()
        self.failures = []
        starts = [threading.Thread(target=self.start, args=(number,)) for number in range(count)]
        for start in starts:
            start.start()
        for start in starts:
            start.join()
        self.raise_failures()

    def name(self, number):
        return f"r{number}"

    def start(self, number):
        try:
            service = Service(
                self.data[number], settings=[*self.settings, f"--telltale.replica.name={self.name(number)}"], quick_start=True)
            with self.lock:
                self.services[number] = service
        except BaseException as failure:
            self.failures.append(failure)

    def raise_failures(self):
        if self.failures:
            raise self.failures[0]

    def up(self):
        with self.lock:
            return [number for number in range(self.count) if self.services[number]]

    def any(self, chance):
        """One that was not killed, as far as is known; there may be none for a while."""
        while True:
            with self.lock:
                up = [service for service in self.services if service]
            if up:
                return chance.choice(up)
            self.raise_failures()
            time.sleep(0.1)

    def kill(self, number):
        with self.lock:
            service = self.services[number]
            self.services[number] = None
        service.kill()

    def stop(self):
        for service in self.services:
            service.stop()
        for data in self.data:
            remove(data)


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


def write_request(rows_of):
    """Remote write 1.0 of several series, as {series: {time: value}}."""
    message = b""
    for series, rows in rows_of.items():
        label = field(1, field(1, b"__name__") + field(2, b"pushed")) + field(1, field(1, b"instance") + field(2, series.encode()))
        samples = b"".join(field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(at)) for at, value in rows.items())
        message += field(1, label + samples)
    return snappy(message)


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
    known = [ids(service) for service in replicas.services]
    if any(found != known[0] for found in known):
        raise SystemExit("the replicas know different series")
    for number, (series, one) in enumerate([*((one, samples) for one in samples.next_row), *((one, later) for one in later.next_row)]):
        service = replicas.services[number % REPLICAS]
        status, answer = service.call(
            "GET", f"/api/v1/series/{known[0][series]}/samples", headers={"Accept": "text/csv"})
        if status != 200:
            raise SystemExit(f"{series} answered {status}: {answer[:500]}")
        one.compare(series, [(moment(row["timestamp"]), float(row["value"])) for row in csv.DictReader(answer.splitlines())])


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
