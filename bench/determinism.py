"""The same weights again: see bench/release/determinism. Needs the packaged jar under target/ and nothing but Python's
library."""

import hashlib
import json
import math
import struct
import sys
import threading
import time

from service import Service, new_data, remove

FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000
BODY = {"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + 500 * STEP}
ARCHITECTURES = ("base", "dense", "dropout", "attention")
PROCESSES = 4
AT_ONCE = 4


def specification(name, architecture, seed=42):
    return {"name": name, "series": ["waves"], "architecture": architecture, "windowing": {"length": 16},
            "training": {"epochs": 3, "seed": seed}}


def weights(service, name):
    file = service.call_bytes("GET", f"/api/v1/models/{name}/artifact")[1]
    (header,) = struct.unpack("<Q", file[:8])
    return hashlib.sha256(file[8 + header:]).hexdigest()


def score(service, name):
    status, answer = service.call("POST", f"/api/v1/models/{name}/score", BODY)
    assert status == 200, answer
    return hashlib.sha256(json.dumps(json.loads(answer)["rows"]).encode()).hexdigest()


def keep_scoring(service, name, over, seen):
    while not over.is_set():
        seen.append(score(service, name))
        time.sleep(0.01)


def train_all(service, orders):
    """A few at a time, so that others wait while one is trained."""
    for first in range(0, len(orders), AT_ONCE):
        jobs = []
        for order in orders[first:first + AT_ONCE]:
            status, answer = service.call("POST", "/api/v1/models", order)
            assert status == 202, answer
            jobs.append(json.loads(answer)["id"])
        for job in jobs:
            while True:
                state = json.loads(service.call("GET", f"/api/v1/jobs/{job}")[1])
                if state["state"] == "succeeded":
                    break
                assert state["state"] in ("queued", "running"), state
                time.sleep(0.05)


def main():
    trainings = int(sys.argv[1])
    each = max(1, trainings // PROCESSES)
    data = new_data("determinism")
    names = {architecture: [] for architecture in ARCHITECTURES}
    hashes = {architecture: [] for architecture in ARCHITECTURES}
    scores = {}
    scored = 0
    for process in range(PROCESSES):
        service = Service(data, quick_start=process % 2 == 0)  # with and without compiled code of C2
        if process == 0:
            rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9) + i % 7} for i in range(3000)]
            assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
            train_all(service, [specification("scored", "base", 1)])
        over, seen = threading.Event(), []
        scorer = threading.Thread(target=keep_scoring, args=(service, "scored", over, seen))
        scorer.start()
        orders = []
        for number in range(each):
            for architecture in ARCHITECTURES:
                name = f"{architecture}-{process}-{number}"
                names[architecture].append(name)
                orders.append(specification(name, architecture))
            orders.append(specification(f"other-{process}-{number}", "dropout", 100 + number))
        train_all(service, orders)
        over.set()
        scorer.join()
        for architecture in ARCHITECTURES:
            for name in names[architecture]:  # those of earlier processes too: their scores are as they were
                now = score(service, name)
                assert scores.setdefault(architecture, now) == now, f"{name} scores otherwise"
            hashes[architecture] += [weights(service, name) for name in names[architecture][-each:]]
        assert set(seen) == {scores.setdefault("scored", seen[0])}, "scores changed beside trainings"
        scored += len(seen)
        service.stop()
    remove(data)
    print("determinism: " + ", ".join(
        f"{architecture} {max(map(found.count, found))} of {len(found)} equal" for architecture, found in hashes.items())
        + f", over {PROCESSES} processes, with trainings waiting and {scored} scorings beside them, scores equal after each restart")
    if any(len(set(found)) > 1 for found in hashes.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
