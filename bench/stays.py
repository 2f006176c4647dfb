"""What stays behind: see bench/release/leaks. Needs the packaged jar under target/, a JDK with jcmd, and nothing but
Python's library."""

import http.client
import json
import math
import os
import sys

from leaks import FIRST_MOMENT, STEP, metric, train
from service import Service, new_data, remove

LARGEST_GROWTH = 0.05
MOST_MORE = 5  # files or threads, which come and go


def score(service, connection, count):
    body = json.dumps({"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + 20 * STEP})
    for _ in range(count):
        connection.request("POST", "/api/v1/models/scorer/score", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status


def look(service):
    heap = service.live_heap_megabytes()  # after two full collections
    process = f"/proc/{service.process.pid}"
    with open(f"{process}/status") as status:
        threads = next(int(line.split()[1]) for line in status if line.startswith("Threads"))
    return {"arrays": metric(service, "telltale_native_arrays"), "resident": service.resident_megabytes(),
            "heap": heap, "files": len(os.listdir(f"{process}/fd")), "threads": threads}


def main():
    trainings, scorings = int(sys.argv[1]), int(sys.argv[2])
    data = new_data("leaks")
    service = Service(data, options=["-Dtelltale.access.rate.requests=0"])
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    train(service, "scorer", 2)
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    early = None
    for i in range(1, trainings + 1):
        train(service, "again", 2)
        assert service.call("DELETE", "/api/v1/models/again")[0] == 204
        score(service, connection, scorings * i // trainings - scorings * (i - 1) // trainings)
        if i == max(1, trainings // 5):
            early = look(service)
    last = look(service)
    connection.close()
    service.stop()
    remove(data)
    growth = last["resident"] / early["resident"] - 1
    print(f"{trainings} trainings and {scorings} scorings: {last['arrays']:.0f} native arrays; from the first fifth to the"
          f" last: resident {early['resident']:.0f} to {last['resident']:.0f} MB ({growth * 100:+.1f} %), live heap"
          f" {early['heap']:.0f} to {last['heap']:.0f} MB, open files {early['files']} to {last['files']}, threads"
          f" {early['threads']} to {last['threads']}")
    more = max(last["files"] - early["files"], last["threads"] - early["threads"])
    if last["arrays"] > 0 or growth > LARGEST_GROWTH or more > MOST_MORE:
        raise SystemExit("something stays behind")


if __name__ == "__main__":
    main()
