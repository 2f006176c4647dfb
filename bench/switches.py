"""Version switches under load: see bench/switches. Needs the packaged jar under target/ and nothing but Python's library."""

import collections
import http.client
import json
import math
import os
import shutil
import sys
import tempfile
import threading
import time

from service import Service

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
            if answer.status != 200 or text != self.expected[version]:
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


def main():
    switches = int(sys.argv[1])
    home = tempfile.mkdtemp(prefix="telltale-switches-")
    data = os.path.join(home, "data")
    os.mkdir(data, 0o700)
    service = Service(data)
    train(service)
    expected = {str(version): service.call("POST", f"{MODEL}/score?version={version}", BODY.encode())[1]
                for version in range(1, VERSIONS + 1)}
    assert len(set(expected.values())) == VERSIONS

    callers = [Caller(service.port, expected, number) for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    started = time.monotonic()
    for i in range(switches):
        status, answer = service.call("PUT", MODEL + "/active", {"version": 1 + i % VERSIONS})
        assert status == 200, answer
    taken = time.monotonic() - started
    for caller in callers:
        caller.stop.set()
    for caller in callers:
        caller.join()
    service.stop()
    shutil.rmtree(home)

    faults = [fault for caller in callers for fault in caller.faults]
    answers = sum((caller.answers for caller in callers), collections.Counter())
    seconds = sorted(second for caller in callers for second in caller.seconds)
    print(f"{switches} switches in {taken:.0f} s, {answers.total()} requests ({answers.total() / taken:.0f}/s), "
          f"by version {dict(sorted(answers.items()))}")
    print(f"p50 {seconds[len(seconds) // 2] * 1e3:.1f} ms, p99 {seconds[len(seconds) * 99 // 100] * 1e3:.1f} ms")
    print(f"{len(faults)} requests failed or were not answered as their version had answered before")
    if faults:
        raise SystemExit("\n".join(faults[:10]))


if __name__ == "__main__":
    main()
