"""Kills and failures at the calls of a save: see bench/release/save-kills. Needs the packaged jar under target/, strace,
and nothing but Python's library."""

import collections
import json
import math
import os
import re
import shutil
import sys
import tempfile
import time

from faults import Tracer
from service import Service

MODEL = "/api/v1/models/kept"
FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000
BODY = {"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + 50 * STEP}
CALLS = "openat,mkdir,write,pwrite64,fsync,fdatasync,rename,unlink,close"
CALL = re.compile(r"(?:\[pid +(\d+)\] +)?\d+\.\d+ ([a-z0-9]+)\(")
PATIENCE = 60


def trace(service, data, inject=(), database=True):
    """Watches the calls of the service on the files of version 2, and on the journal of the database."""
    models = os.path.join(data, "models")
    version = os.path.join(models, "kept", "2")
    paths = [models, os.path.join(models, "kept"), version]
    paths += [os.path.join(version, name)
              for name in ("model.safetensors", "model.safetensors.unfinished", "model.signature")]
    paths += [os.path.join(data, "telltale.db-wal")] if database else []
    return Tracer(service.process.pid, CALLS, inject, all_threads=True, paths=paths)


def make(home):
    data = os.path.join(home, "made", "data")
    os.makedirs(data, 0o700)
    service = Service(data, quick_start=True)
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(1000)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    specification = {"name": "kept", "series": ["waves"], "windowing": {"length": 8}, "training": {"epochs": 1}}
    assert service.call("POST", "/api/v1/models", specification, {"Prefer": "wait=60"})[0] == 201
    scores = rows_of(service)
    service.stop()
    return data, scores


def rows_of(service, version=""):
    status, answer = service.call("POST", f"{MODEL}/score{version}", BODY)
    assert status == 200, answer
    return json.loads(answer)["rows"]


def copy(made, home, name):
    data = os.path.join(home, name, "data")
    shutil.copytree(made, data)
    return data


def train(service):
    """Queues a training of version 2 that will be active, and waits for its end or that of the service."""
    accepted = False
    try:
        status, answer = service.call("POST", MODEL + "/versions?activate=true", {"training": {"seed": 7}})
        assert status == 202, answer
        accepted = True
        job = json.loads(answer)["id"]
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            state = json.loads(service.call("GET", f"/api/v1/jobs/{job}")[1])
            if state["state"] not in ("queued", "running"):
                return state
            time.sleep(0.02)
    except OSError:
        return {"state": "killed", "accepted": accepted}
    raise SystemExit("a training did not end")


def drain(service):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        jobs = json.loads(service.call("GET", "/api/v1/jobs?limit=1000")[1])["items"]
        if all(job["state"] not in ("queued", "running") for job in jobs):
            return
        time.sleep(0.05)
    raise SystemExit("a training that was begun anew did not end")


def check_files(data, versions):
    models = os.path.join(data, "models")
    found = sorted(os.path.relpath(os.path.join(folder, name), models) for folder, _, names in os.walk(models) for name in names)
    expected = sorted(f"kept/{version}/{name}" for version in versions for name in ("model.safetensors", "model.signature"))
    assert found == expected, f"files are {found}"


def watched(made, home):
    """What a save calls, as injections: by thread and name, since strace counts them so."""
    data = copy(made, home, "watched")
    service = Service(data, quick_start=True)
    tracer = trace(service, data)
    assert train(service)["state"] == "succeeded"
    tracer.detach()
    service.stop()
    counts = collections.Counter()
    injections = []
    for line in tracer.lines:
        call = CALL.match(line)
        if call:
            counts[call.group(1, 2)] += 1
            injections.append(f"{call.group(2)}:signal=SIGKILL:when={counts[call.group(1, 2)]}")
    return list(dict.fromkeys(injections))


def main():
    step = int(sys.argv[1])
    home = tempfile.mkdtemp(prefix="telltale-save-kills-")
    made, scores = make(home)
    calls = watched(made, home)
    at_restart = collections.Counter()
    kills = 0
    for number, call in enumerate(calls[::step]):
        data = copy(made, home, f"kill-{number}")
        service = Service(data, quick_start=True)
        tracer = trace(service, data, [call])
        end = train(service)
        if end["state"] == "killed":
            kills += 1
            service.process.wait()
        else:  # this run made fewer calls
            service.kill()
        tracer.detach()
        service = Service(data, quick_start=True)
        status, answer = service.call("GET", MODEL)
        assert status == 200, f"after {call}: {answer}"
        version = json.loads(answer)["version"]
        assert version in (1, 2), answer
        rows_of(service)  # the active one, which may be another by now
        assert rows_of(service, "?version=1") == scores, f"after {call} version 1 scores otherwise"
        at_restart[version] += 1
        drain(service)  # a training that was cut short begins anew
        version = json.loads(service.call("GET", MODEL)[1])["version"]
        if end.get("accepted", True):
            assert version == 2, f"after {call} the training that was accepted gave no version"
        rows_of(service)
        check_files(data, range(1, version + 1))
        service.kill()
        shutil.rmtree(os.path.dirname(data))

    failures = collections.Counter()
    names = sorted({call.split(":")[0] for call in calls} & {"write", "fsync", "rename", "openat"})
    for error in ("EIO", "ENOSPC"):
        for name in names:
            data = copy(made, home, f"fail-{error}-{name}")
            service = Service(data, quick_start=True)
            for number in range(1, 12, step):
                tracer = trace(service, data, [f"{name}:error={error}:when={number}"], database=False)
                job = train(service)
                tracer.detach()
                if job["state"] == "succeeded":
                    break  # a save makes fewer such calls
                assert job["problem"]["type"] == "/problems/model-not-saved", job
                assert json.loads(service.call("GET", MODEL)[1])["version"] == 1
                assert rows_of(service) == scores
                failures[error] += 1
            service.stop()
            service = Service(data, quick_start=True)
            newest = json.loads(service.call("GET", MODEL)[1])["version"]
            check_files(data, range(1, newest + 1))
            service.kill()
            shutil.rmtree(os.path.dirname(data))
    shutil.rmtree(home)
    print(f"save-kills: {kills} kills at {len(calls)} calls of a save: version 1 served after {at_restart[1]}, version 2 after"
          f" {at_restart[2]}, 0 half models, 0 files left over; {sum(failures.values())} failed calls ({dict(failures)}):"
          " the job failed each time and version 1 served on")


if __name__ == "__main__":
    main()
