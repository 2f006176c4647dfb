"""Kill loop: see bench/kills. Needs the packaged jar under target/ and nothing but Python's library."""

import csv
import datetime
import json
import math
import os
import random
import shutil
import sys
import tempfile
import threading
import time

from service import Service

FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000
BATCH = 500
UPLOADERS = 3


class Ledger:
    """What the service has acknowledged, or may have stored without being able to say so."""

    def __init__(self):
        self.acknowledged = {}  # series → {time: value}
        self.unanswered = {}
        self.next_row = {}
        self.models = set()
        self.running_job = None
        self.lock = threading.Lock()


def upload(service, ledger, series, stop, chance):
    while not stop.is_set():
        with ledger.lock:
            first = ledger.next_row.get(series, 0)
            ledger.next_row[series] = first + BATCH
        rows = {FIRST_MOMENT + (first + i) * STEP: round(chance.gauss(100, 10), 6) for i in range(BATCH)}
        samples = [{"timestamp": moment, "value": value} for moment, value in rows.items()]
        try:
            status, answer = service.call("POST", f"/api/v1/series/{series}/samples", {"samples": samples})
        except OSError:
            ledger.unanswered.setdefault(series, {}).update(rows)
            return
        if status != 200:
            raise SystemExit(f"an upload was answered {status}: {answer}")
        ledger.acknowledged.setdefault(series, {}).update(rows)


def train(service, ledger, stop, chance):
    while not stop.is_set():
        name = f"model-{chance.getrandbits(32):08x}"
        specification = {
            "name": name, "series": ["training"], "architecture": {"preset": "base"},
            "windowing": {"length": 8, "stride": 1},
            "training": {"epochs": chance.choice([1, 1, 2, 20]), "earlyStopping": None},
        }
        try:
            status, answer = service.call("POST", "/api/v1/models", specification)
            if status != 202:
                raise SystemExit(f"a training was answered {status}: {answer}")
            job = json.loads(answer)["id"]
            while not stop.is_set():
                state = json.loads(service.call("GET", f"/api/v1/jobs/{job}")[1])
                if state["state"] == "running":
                    ledger.running_job = job
                if state["state"] == "succeeded":
                    ledger.models.add(name)
                    ledger.running_job = None
                    break
                if state["state"] in ("failed", "cancelled"):
                    raise SystemExit(f"a training ended as {state}")
                time.sleep(0.02)
        except OSError:
            return


def check(service, ledger):
    stored_rows = 0
    for series in ledger.next_row:
        status, answer = service.call("GET", f"/api/v1/series/{series}/samples", headers={"Accept": "text/csv"})
        if status == 404 and series not in ledger.acknowledged:
            continue
        assert status == 200, f"{series} answered {status}: {answer[:500]}"
        stored = {moment(row["timestamp"]): float(row["value"]) for row in csv.DictReader(answer.splitlines())}
        stored_rows += len(stored)
        acknowledged = ledger.acknowledged.get(series, {})
        lost = [at for at, value in acknowledged.items() if stored.get(at) != value]
        assert not lost, f"{series} lost {len(lost)} acknowledged samples, the first at {lost[0]}"
        maybe = ledger.unanswered.get(series, {})
        invented = [at for at, value in stored.items() if acknowledged.get(at, maybe.get(at)) != value]
        assert not invented, f"{series} has {len(invented)} samples that nobody sent"

    listed = set()
    cursor = ""
    while cursor is not None:
        page = json.loads(service.call("GET", f"/api/v1/models?limit=1000{cursor}")[1])
        listed |= {item["name"] for item in page["items"]}
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert ledger.models <= listed, f"models are gone: {ledger.models - listed}"
    for name in listed:
        body = {"samples": [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + i % 7} for i in range(20)]}
        status, answer = service.call("POST", f"/api/v1/models/{name}/score", body)
        assert status == 200, f"{name} is listed but answered {status}: {answer[:500]}"

    if ledger.running_job:
        state = json.loads(service.call("GET", f"/api/v1/jobs/{ledger.running_job}")[1])["state"]
        assert state in ("queued", "running", "succeeded"), f"the job that was running is {state}"
        ledger.running_job = None
    return stored_rows, len(listed)


def moment(text):
    if text.lstrip("-").isdigit():
        return int(text)
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def drain_jobs(service):
    """Waits until no training is left over, so that the queue never fills over the rounds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        jobs = json.loads(service.call("GET", "/api/v1/jobs?limit=1000")[1])["items"]
        if all(job["state"] not in ("queued", "running") for job in jobs):
            return
        time.sleep(0.1)
    raise SystemExit("a job that was queued again did not end within 60 s")


def main():
    rounds = int(sys.argv[1])
    home = tempfile.mkdtemp(prefix="telltale-kills-")
    data = os.path.join(home, "data")
    os.mkdir(data, 0o700)
    ledger = Ledger()
    chance = random.Random(42)
    service = Service(data, options=["-XX:TieredStopAtLevel=1"])  # starts faster
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/training/samples", {"samples": rows})[0] == 200

    for round_number in range(1, rounds + 1):
        stop = threading.Event()
        failures = []

        def guarded(work, *arguments):
            try:
                work(*arguments)
            except BaseException as failure:  # shown by the main thread
                failures.append(failure)

        threads = [threading.Thread(target=guarded, args=(upload, service, ledger, f"load-{i}", stop, random.Random(chance.random())))
                   for i in range(UPLOADERS)]
        threads.append(threading.Thread(target=guarded, args=(train, service, ledger, stop, random.Random(chance.random()))))
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.05, 3))
        service.kill()
        stop.set()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

        service = Service(data, options=["-XX:TieredStopAtLevel=1"])  # starts faster
        stored, models = check(service, ledger)
        drain_jobs(service)
        print(f"kill {round_number}: {stored} samples and {models} models there", flush=True)

    service.kill()
    shutil.rmtree(home)
    acknowledged = sum(len(rows) for rows in ledger.acknowledged.values())
    print(f"{rounds} kills: 0 of {acknowledged} acknowledged samples lost, 0 of {len(ledger.models)} models lost")


if __name__ == "__main__":
    main()
