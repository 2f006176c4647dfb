"""Kill loop: see bench/kills. Needs the packaged jar under target/ and nothing but Python's library."""

import json
import math
import random
import sys
import threading
import time

from acknowledged import FIRST_MOMENT, STEP, Samples, ended_job, remote_write
from service import Service, new_data, remove

UPLOADERS = 2
BATCH = 500
PUSHED_BATCH = 200
LATER_BATCH = 50
JOBS_KEPT = 1_000  # ended ones
DETECTOR = "watch"
SETTINGS = ["--telltale.ingest.oldest=0"]  # the pushed times are made up too


class Ledger:
    """What the service has acknowledged beside samples."""

    def __init__(self):
        self.samples = Samples()
        self.models = set()
        self.names = {}  # of models by the jobs that train them
        self.later = {}  # samples by the jobs that store them
        self.jobs = {}  # every job that was accepted, and how it ended once it has
        self.annotations = set()
        self.deleted = set()
        self.pushing = {}  # batches of remote write that have no answer yet, by series

    def lock(self):
        return self.samples.lock


def upload(service, ledger, series, stop, chance):
    while not stop.is_set():
        status, answer = ledger.samples.upload(service, series, ledger.samples.next(series, BATCH, chance))
        if status != 200:
            raise SystemExit(f"an upload was answered {status}: {answer}")


def push(service, ledger, series, stop, chance):
    """Sends a batch until it hears that it is stored, also after the service was killed."""
    while not stop.is_set():
        if series not in ledger.pushing:
            ledger.pushing[series] = ledger.samples.next(series, PUSHED_BATCH, chance)
        rows = ledger.pushing[series]
        ledger.samples.doubt(series, rows)
        status, answer = remote_write(service, series, rows)
        if status == 204:
            ledger.samples.acknowledge(series, rows)
            del ledger.pushing[series]
        else:
            raise SystemExit(f"a push was answered {status}: {answer}")


def train(service, ledger, stop, chance):
    while not stop.is_set():
        name = f"model-{chance.getrandbits(32):08x}"
        specification = {
            "name": name, "series": ["training"], "architecture": {"preset": "base"},
            "windowing": {"length": 8, "stride": 1},
            "training": {"epochs": chance.choice([1, 1, 2, 20]), "earlyStopping": None},
        }
        status, answer = service.call("POST", "/api/v1/models", specification)
        if status != 202:
            raise SystemExit(f"a training was answered {status}: {answer}")
        job = json.loads(answer)["id"]
        ledger.jobs[job] = None
        ledger.names[job] = name
        while not stop.is_set():
            if look_at(service, ledger, job):
                break
            time.sleep(0.02)


def upload_later(service, ledger, series, stop, chance):
    """Uploads that are jobs: what they hold is acknowledged once they have succeeded."""
    while not stop.is_set():
        rows = ledger.samples.next(series, LATER_BATCH, chance)
        ledger.samples.doubt(series, rows)
        body = f"timestamp,{series}\n" + "".join(f"{at},{value!r}\n" for at, value in rows.items())
        status, answer = service.call(
            "POST", "/api/v1/uploads", body.encode(), {"Content-Type": "text/csv", "Prefer": "respond-async"})
        if status == 202:
            job = json.loads(answer)["id"]
            ledger.later[job] = (series, rows)
            ledger.jobs[job] = None
        elif status == 503:
            time.sleep(0.05)  # the queue is full
        else:
            raise SystemExit(f"an upload for later was answered {status}: {answer}")


def look_at(service, ledger, job):
    """Notes how a job ended, if it has; a job ends once."""
    state = ended_job(service, job)
    if state is None:
        if ledger.jobs[job]:
            raise SystemExit(f"job {job} had ended and is {state} again")
        return False
    if state["state"] != "succeeded":
        raise SystemExit(f"job {job} ended as {state}")
    end = {key: state.get(key) for key in ("state", "finished", "result")}
    if ledger.jobs[job] and ledger.jobs[job] != end:
        raise SystemExit(f"job {job} ended twice: {ledger.jobs[job]} and {end}")
    ledger.jobs[job] = end
    if job in ledger.later:
        ledger.samples.acknowledge(*ledger.later.pop(job))
    elif job in ledger.names:
        ledger.models.add(ledger.names[job])
    return True


def annotate_and_delete(service, ledger, stop, chance):
    while not stop.is_set():
        at = FIRST_MOMENT + chance.randrange(2000) * STEP
        status, answer = service.call(
            "POST", "/api/v1/series/training/annotations", {"start": at, "end": at, "verdict": "normal"})
        if status != 201:
            raise SystemExit(f"an annotation was answered {status}: {answer}")
        ledger.annotations.add(json.loads(answer)["id"])
        name = f"short-{chance.getrandbits(32):08x}"
        service.call("POST", f"/api/v1/series/{name}/samples", {"samples": [{"timestamp": FIRST_MOMENT, "value": 1}]})
        status, answer = service.call("DELETE", f"/api/v1/series/{name}")
        if status != 204:
            raise SystemExit(f"a deletion was answered {status}: {answer}")
        ledger.deleted.add(name)
        time.sleep(0.02)


def items(service, path):
    found = []
    cursor = ""
    while cursor is not None:
        status, answer = service.call("GET", f"{path}{'&' if '?' in path else '?'}limit=1000{cursor}")
        if status != 200:
            raise SystemExit(f"{path} answered {status}: {answer[:500]}")
        page = json.loads(answer)
        found += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    return found


def check(service, ledger, scored, at_the_end):
    stored = ledger.samples.check(service, all_of_them=at_the_end)
    listed = {item["name"] for item in items(service, "/api/v1/models")}
    if not ledger.models <= listed:
        raise SystemExit(f"models are gone: {ledger.models - listed}")
    for name in listed - scored:
        body = {"samples": [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + i % 7} for i in range(20)]}
        status, answer = service.call("POST", f"/api/v1/models/{name}/score", body)
        if status != 200:
            raise SystemExit(f"{name} is listed but answered {status}: {answer[:500]}")
        versions = items(service, f"/api/v1/models/{name}/versions")
        if len(versions) != 1:
            raise SystemExit(f"{name} was trained once and has {len(versions)} versions")
    scored |= listed
    kept = {item["id"] for item in items(service, "/api/v1/series/training/annotations")}
    if not ledger.annotations <= kept:
        raise SystemExit(f"{len(ledger.annotations - kept)} annotations are gone")
    back = ledger.deleted & {item["name"] for item in items(service, "/api/v1/series")}
    if back:
        raise SystemExit(f"deleted series are back: {back}")
    if service.call("GET", f"/api/v1/detectors/{DETECTOR}")[0] != 200:
        raise SystemExit("the detector is gone")
    return stored


def drain_jobs(service, ledger):
    """Waits until every job that was accepted has ended, so that the queue never fills over the rounds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if all([ledger.jobs[job] or look_at(service, ledger, job) for job in ledger.jobs]):
            return
        time.sleep(0.05)
    raise SystemExit("a job did not end within 60 s")


def check_scores(service, pushed):
    """Waits until the detector has judged what was pushed; each row has one score."""
    deadline = time.monotonic() + 60
    for series in pushed:
        while True:
            status, answer = service.call(
                "GET", f"/api/v1/series/{series}/samples?with=score:{DETECTOR}", headers={"Accept": "text/csv"})
            lines = answer.splitlines()[1:]
            without = sum(line.endswith(",") for line in lines)
            if status == 200 and 0 < len(lines) and without < len(lines) / 2 and lines[-1][-1] != ",":
                break
            if time.monotonic() > deadline:
                raise SystemExit(f"{without} of {len(lines)} rows of {series} have no score after 60 s")
            time.sleep(0.2)
        times = [line.split(",")[0] for line in lines]
        if len(set(times)) != len(times):
            raise SystemExit(f"{series} has rows twice")


def prepare(service):
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/training/samples", {"samples": rows})[0] == 200
    model = {"name": "watcher", "series": ["training"], "windowing": {"length": 8}, "training": {"epochs": 1}}
    status, answer = service.call("POST", "/api/v1/models", model, {"Prefer": "wait=60"})
    assert status == 201, answer
    detector = {"model": "watcher", "select": '{__name__=~"pushed_.*"}', "receivers": []}
    status, answer = service.call("PUT", f"/api/v1/detectors/{DETECTOR}", detector)
    assert status == 201, answer


def main():
    rounds = int(sys.argv[1])
    started = time.monotonic()
    data = new_data("kills")
    ledger = Ledger()
    chance = random.Random(42)
    scored = set()
    pushed = ["pushed_0", "pushed_1"]
    service = Service(data, settings=SETTINGS, quick_start=True)
    prepare(service)

    for round_number in range(1, rounds + 1):
        stop = threading.Event()
        failures = []

        def guarded(seed, work, *arguments):
            try:
                work(service, ledger, *arguments, stop, random.Random(seed))
            except OSError:
                pass  # killed
            except BaseException as failure:  # shown by the main thread
                failures.append(failure)

        works = [(upload, f"load-{i}") for i in range(UPLOADERS)] + [(push, series) for series in pushed]
        works += [(train,), (annotate_and_delete,), (upload_later, "later_0")]
        threads = []
        for work in works:
            threads.append(threading.Thread(target=guarded, args=(chance.random(), *work)))
            threads[-1].start()
        time.sleep(chance.uniform(0.05, 3))
        service.kill()
        stop.set()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

        service = Service(data, settings=SETTINGS, quick_start=True)
        at_the_end = round_number == rounds
        drain_jobs(service, ledger)
        stored = check(service, ledger, scored, at_the_end)
        print(f"kill {round_number}: ready after {service.seconds_to_ready:.1f} s, {stored} samples"
              f" {'' if at_the_end else 'of this round '}and {len(scored)} models there", flush=True)

    for job in list(ledger.jobs)[-JOBS_KEPT:]:
        look_at(service, ledger, job)
    check_scores(service, pushed)
    service.kill()
    remove(data)
    print(f"{rounds} kills: 0 of {ledger.samples.count()} acknowledged samples lost, none twice; 0 of {len(ledger.models)}"
          f" models and 0 of {len(ledger.annotations)} annotations lost, 0 of {len(ledger.deleted)} deleted series back;"
          f" {len(ledger.jobs)} jobs, each ended once; 0 failed starts; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
