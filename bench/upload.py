"""Upload, summary and range reads of the running service: see bench/upload."""

import json
import random
import statistics
import sys
import threading
import time

from service import Service, new_data, remove

ROWS = 1_000_000
RANGE = 100_000
POINTS = 1_000
FIRST_MOMENT = 1_500_000_000_000
STEP = 60_000


def csv_body(chance):
    lines = ["timestamp,value"]
    lines += [f"{FIRST_MOMENT + i * STEP},{chance.gauss(100, 10):.6f}" for i in range(ROWS)]
    return ("\n".join(lines) + "\n").encode()


def ask_for_health(service, stop, waits):
    while not stop.is_set():
        began = time.monotonic()
        assert service.call("GET", "/actuator/health/liveness")[0] == 200
        waits.append(time.monotonic() - began)
        time.sleep(0.01)


def main():
    rounds = int(sys.argv[1])
    data = new_data("upload")
    service = Service(data, heap="256m")
    print(f"ready after {service.seconds_to_ready:.1f} s, {service.resident_megabytes():.0f} MB resident")
    body = csv_body(random.Random(42))
    uploads, summaries, charts, reads, waits = [], [], [], [], []
    for number in range(rounds):
        stop = threading.Event()
        health = threading.Thread(target=ask_for_health, args=(service, stop, waits))
        health.start()
        began = time.monotonic()
        status, answer = service.call(
            "POST", f"/api/v1/series/upload-{number}/samples", body, {"Content-Type": "text/csv"})
        uploads.append(time.monotonic() - began)
        stop.set()
        health.join()
        assert status == 200, answer
        start, end = FIRST_MOMENT + RANGE * STEP, FIRST_MOMENT + (2 * RANGE - 1) * STEP
        began = time.monotonic()
        status, answer = service.call("GET", f"/api/v1/series/upload-{number}")
        summaries.append(time.monotonic() - began)
        assert status == 200 and json.loads(answer)["summary"]["count"] == ROWS, answer[:500]
        began = time.monotonic()
        status, answer = service.call("GET", f"/api/v1/series/upload-{number}/samples?maxPoints={POINTS}")
        charts.append(time.monotonic() - began)
        assert status == 200 and 0 < len(json.loads(answer)["samples"]) <= POINTS, answer[:500]
        began = time.monotonic()
        status, answer = service.call(
            "GET", f"/api/v1/series/upload-{number}/samples?start={start}&end={end}&limit={RANGE}",
            headers={"Accept": "text/csv"})
        reads.append(time.monotonic() - began)
        assert status == 200 and answer.count("\n") == RANGE + 1, answer[:500]
    print(f"upload of {ROWS} rows: {ROWS / statistics.median(uploads):,.0f} rows/s acknowledged (median of {rounds})")
    print(f"health beside it: {max(waits) * 1000:.0f} ms at most, {statistics.median(waits) * 1000:.0f} ms median")
    print(f"summary of {ROWS} samples: {statistics.median(summaries) * 1000:.0f} ms (median of {rounds})")
    print(f"{ROWS} samples thinned out to {POINTS}: {statistics.median(charts) * 1000:.0f} ms (median of {rounds})")
    print(f"range of {RANGE} samples as CSV: {statistics.median(reads) * 1000:.0f} ms (median of {rounds})")
    print(f"{service.resident_megabytes():.0f} MB resident after it, heap at most 256 MB")
    service.stop()
    remove(data)


if __name__ == "__main__":
    main()
