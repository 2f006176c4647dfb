"""Failed trainings beside scoring: see bench/release/failed-trainings. Needs the packaged jar under target/ and nothing
but Python's library."""

import collections
import http.client
import json
import math
import os
import random
import sys
import threading
import time

from service import Service, new_data, remove

MODEL = "/api/v1/models/kept"
FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000
BODY = json.dumps({"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + 100 * STEP})
ENDLESS = {"training": {"epochs": 10_000, "earlyStopping": None}}
CHANGES = {
    "diverged": {"series": ["huge"], "scaling": "none", "architecture": {"kind": "dense", "encoder": [{"linear": 8}]},
                 "training": {"learningRate": 1, "optimizer": {"kind": "sgd"}}},
    "too-expensive": {"architecture": {"kind": "dense", "encoder": [{"linear": 4000}, {"linear": 4000}]},
                      "training": {"batchSize": 65536}},
    "job-took-too-long": ENDLESS,
}
TIME_LIMIT = ["--telltale.jobs.time-limit=2s"]
KILL_EVERY = 50
TOO_LONG_EVERY = 20


class Scorer(threading.Thread):
    """Scores over and over, and compares every answer with the first."""

    def __init__(self, service, expected):
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        self.expected = expected
        self.over = threading.Event()
        self.answers = 0
        self.faults = []

    def run(self):
        while not self.over.is_set():
            try:
                self.connection.request("POST", MODEL + "/score", BODY, {"Content-Type": "application/json"})
                answer = self.connection.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException) as broken:
                self.faults.append(repr(broken))
                return
            self.answers += 1
            if answer.status != 200 or text != self.expected:
                self.faults.append(f"{answer.status}: {text[:200]}")
            time.sleep(0.02)

    def stop(self):
        self.over.set()
        self.join()
        return self.answers, self.faults


def start(data, options=()):
    return Service(data, settings=options, quick_start=True)


def fail(service, kind, file):
    """One failed training or import; what it ended as."""
    if kind == "invalid-model":
        damaged = bytearray(file)
        damaged[-1] ^= 1
        status, answer = service.call("PUT", MODEL + "/artifact?activate=true", bytes(damaged),
                                      {"Content-Type": "application/octet-stream"})
        return json.loads(answer)["type"].removeprefix("/problems/")
    change = ENDLESS if kind == "cancelled" else CHANGES[kind]
    status, answer = service.call("POST", MODEL + "/versions?activate=true", change)
    if status != 202:
        return json.loads(answer)["type"].removeprefix("/problems/")
    job = f"/api/v1/jobs/{json.loads(answer)['id']}"
    while True:
        state = json.loads(service.call("GET", job)[1])
        if state["state"] == "running" and kind == "cancelled":
            service.call("DELETE", job)
        if state["state"] not in ("queued", "running"):
            return state["problem"]["type"].removeprefix("/problems/") if state["state"] == "failed" else state["state"]
        time.sleep(0.02)


def main():
    trainings = int(sys.argv[1])
    data = new_data("failed-trainings")
    service = start(data)
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(1000)]
    huge = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 1e6 * math.sin(i)} for i in range(600)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    assert service.call("POST", "/api/v1/series/huge/samples", {"samples": huge})[0] == 200
    specification = {"name": "kept", "series": ["waves"], "windowing": {"length": 8}, "training": {"epochs": 1}}
    assert service.call("POST", "/api/v1/models", specification, {"Prefer": "wait=60"})[0] == 201
    expected = service.call("POST", MODEL + "/score", BODY.encode())[1]
    file = service.call_bytes("GET", MODEL + "/artifact")[1]
    service.stop()

    service = start(data, TIME_LIMIT)
    scorer = Scorer(service, expected)
    scorer.start()
    ends = collections.Counter()
    answers = 0
    faults = []
    chance = random.Random(7)
    for number in range(1, trainings + 1):
        if number % KILL_EVERY == 0:
            assert service.call("POST", MODEL + "/versions?activate=true", ENDLESS)[0] == 202
            time.sleep(chance.uniform(0, 1.5))
            more, wrong = scorer.stop()
            answers, faults = answers + more, faults + wrong
            service.kill()
            service = start(data, TIME_LIMIT)
            for job in json.loads(service.call("GET", "/api/v1/jobs?limit=1000")[1])["items"]:
                if job["state"] in ("queued", "running"):
                    service.call("DELETE", f"/api/v1/jobs/{job['id']}")
            while any(job["state"] in ("queued", "running")
                      for job in json.loads(service.call("GET", "/api/v1/jobs?limit=1000")[1])["items"]):
                time.sleep(0.05)
            scorer = Scorer(service, expected)
            scorer.start()
            ends["killed"] += 1
        else:
            kind = ("job-took-too-long" if number % TOO_LONG_EVERY == 0
                    else chance.choice(["diverged", "cancelled", "too-expensive", "invalid-model"]))
            end = fail(service, kind, file)
            assert end == kind, f"training {number} was to end as {kind} and ended as {end}"
            ends[end] += 1
        versions = json.loads(service.call("GET", MODEL + "/versions")[1])["items"]
        assert [version["version"] for version in versions] == [1], versions
    more, wrong = scorer.stop()
    answers, faults = answers + more, faults + wrong
    service.stop()
    files = sorted(name for _, _, names in os.walk(os.path.join(data, "models")) for name in names)
    assert files == ["model.safetensors", "model.signature"], files
    remove(data)
    print(f"failed-trainings: {trainings} ended as {dict(ends)}; {len(faults)} of {answers} scores beside them failed or changed;"
          " version 1 throughout, nothing left over")
    if faults:
        raise SystemExit("\n".join(faults[:10]))


if __name__ == "__main__":
    main()
