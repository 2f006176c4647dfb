"""Version switches under load: see bench/switches. Needs the packaged jar under target/ and nothing but Python's library."""

import collections
import http.client
import json
import math
import os
import sys
import threading
import time

from service import Service, new_data, remove

MODEL = "/api/v1/models/switched"
VERSIONS = 4
CALLERS = 4
REQUESTS_PER_SECOND = 200
FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000
BODY = json.dumps({"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + 100 * STEP})


class Caller(threading.Thread):
    """Scores at a steady rate over one connection until it is told to stop."""

    def __init__(self, port, expected, number):
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.expected = expected
        self.number = number
        self.stop = threading.Event()
        self.answers = collections.Counter()
        self.faults = []
        self.seconds = []

    def run(self):
        pause = CALLERS / REQUESTS_PER_SECOND
        due = time.monotonic() + self.number * pause / CALLERS
        while not self.stop.is_set():
            time.sleep(max(0, due - time.monotonic()))
            due += pause
            started = time.monotonic()
            try:
                self.connection.request("POST", MODEL + "/score", BODY, {"Content-Type": "application/json"})
                answer = self.connection.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException) as broken:
                self.faults.append(repr(broken))
                return
            self.seconds.append(time.monotonic() - started)
            version = answer.getheader("Telltale-Model-Version")
            if answer.status != 200 or text != self.expected.get(version):
                self.faults.append(f"{answer.status}, version {version}: {text[:200]}")
            self.answers[version] += 1


def train(service):
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    specification = {"name": "switched", "series": ["waves"], "windowing": {"length": 8}, "training": {"epochs": 2}}
    wait = {"Prefer": "wait=60"}
    assert service.call("POST", "/api/v1/models", specification, wait)[0] == 201
    for seed in range(2, VERSIONS + 1):
        assert service.call("POST", MODEL + "/versions", {"training": {"seed": seed}}, wait)[0] == 201


class Passing:
    """Versions that are imported, scored with for a moment, and deleted once the next one is active."""

    def __init__(self, service, expected):
        self.service = service
        self.expected = expected
        self.file = service.call_bytes("GET", f"{MODEL}/artifact?version=1")[1]
        self.next = VERSIONS + 1
        self.over = None
        self.deleted = 0

    def make(self):
        version = self.next
        self.next += 1
        # Before it can be active: it answers as version 1 does, under its own number.
        self.expected[str(version)] = self.expected["1"].replace('"version":1,', f'"version":{version},', 1)
        status, answer = self.service.call("PUT", MODEL + "/artifact", self.file, {"Content-Type": "application/octet-stream"})
        assert status == 201, answer
        assert json.loads(answer)["version"] == version
        self.over = version
        return version

    def delete(self):
        if self.over:
            status, answer = self.service.call("DELETE", f"{MODEL}/versions/{self.over}")
            assert status == 204, answer
            self.deleted += 1
            self.over = None


def main():
    switches = int(sys.argv[1])
    deletes = sys.argv[2:] == ["deletes"]
    data = new_data("switches")
    service = Service(data)
    train(service)
    expected = {str(version): service.call("POST", f"{MODEL}/score?version={version}", BODY.encode())[1]
                for version in range(1, VERSIONS + 1)}
    assert len(set(expected.values())) == VERSIONS

    callers = [Caller(service.port, expected, number) for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    started = time.monotonic()
    passing = Passing(service, expected)
    for i in range(switches):
        version = passing.make() if deletes and i % 2 == 1 else 1 + i % VERSIONS
        status, answer = service.call("PUT", MODEL + "/active", {"version": version})
        assert status == 200, answer
        if i % 2 == 0:
            passing.delete()
    taken = time.monotonic() - started
    for caller in callers:
        caller.stop.set()
    for caller in callers:
        caller.join()
    service.stop()
    crashed = [name for name in os.listdir(".") + os.listdir(os.path.dirname(data)) if name.startswith("hs_err")]
    remove(data)

    faults = [f"the JVM crashed: {crashed}"] if crashed else []
    faults += [fault for caller in callers for fault in caller.faults]
    answers = sum((caller.answers for caller in callers), collections.Counter())
    seconds = sorted(second for caller in callers for second in caller.seconds)
    print(f"switches: {switches} switches in {taken:.0f} s, {answers.total()} requests ({answers.total() / taken:.0f}/s), "
          f"{passing.deleted} versions imported and deleted, {len(answers)} versions answered")
    print(f"p50 {seconds[len(seconds) // 2] * 1e3:.1f} ms, p99 {seconds[len(seconds) * 99 // 100] * 1e3:.1f} ms")
    print(f"{len(faults)} requests failed or were not answered as their version had answered before")
    if faults:
        raise SystemExit("\n".join(faults[:10]))


if __name__ == "__main__":
    main()
