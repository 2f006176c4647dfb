"""Scoring of a stored range by the running service: see bench/score."""

import http.client
import math
import random
import statistics
import sys
import time

from service import Service, new_data, remove

ROWS = 1_000_000
TRAINED = 5_000
FIRST_MOMENT = 1_500_000_000_000
STEP = 60_000
CHANNELS = 4


def csv_body(chance):
    lines = ["timestamp,value"]
    lines += [f"{FIRST_MOMENT + i * STEP},{100 + 20 * math.sin(i / 230) + chance.gauss(0, 2):.4f}" for i in range(ROWS)]
    return ("\n".join(lines) + "\n").encode()


def train(service, name, series):
    status, answer = service.call("POST", "/api/v1/models", {
        "name": name, "series": series, "architecture": "base", "training": {"epochs": 5},
        "range": {"end": FIRST_MOMENT + TRAINED * STEP}}, {"Prefer": "wait=60"})
    assert status == 201, answer


def score(service, name):
    """Seconds, seconds of the service's CPU time, and bytes of an answer that is read to its end but kept nowhere."""
    busy = service.cpu_seconds()
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)
    began = time.monotonic()
    connection.request("POST", f"/api/v1/models/{name}/score", "{}",
                       {"Content-Type": "application/json", "Accept": "application/x-ndjson"})
    response = connection.getresponse()
    assert response.status == 200, response.read()
    size, rows = 0, 0
    while piece := response.read(1 << 20):
        size += len(piece)
        rows += piece.count(b"\n")
    seconds = time.monotonic() - began
    connection.close()
    assert rows == ROWS, rows
    return seconds, service.cpu_seconds() - busy, size


def main():
    rounds = int(sys.argv[1])
    data = new_data("score")
    service = Service(data, heap="256m")
    chance = random.Random(42)
    names = [f"series_{number}" for number in range(CHANNELS)]
    for name in names:
        status, answer = service.call(
            "POST", f"/api/v1/series/{name}/samples", csv_body(chance), {"Content-Type": "text/csv"})
        assert status == 200, answer
    for model, series in (("one", names[:1]), ("several", names)):
        train(service, model, series)
        measured = [score(service, model) for _ in range(rounds)]
        seconds = statistics.median(seconds for seconds, _, _ in measured)
        busy = statistics.median(busy for _, busy, _ in measured)
        print(f"{len(series)} series of {ROWS} rows: {ROWS / seconds:,.0f} rows/s, {ROWS / busy:,.0f} per second of CPU time,"
              f" {measured[0][2] / 1e6:.0f} MB of NDJSON (median of {rounds})", flush=True)
    print(f"{service.resident_megabytes():.0f} MB resident after it, heap at most 256 MB")
    service.stop()
    remove(data)


if __name__ == "__main__":
    main()
