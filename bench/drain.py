"""Ends under load: see bench/release/drain. Needs the packaged jar under target/ and nothing but Python's library."""

import http.client
import json
import math
import signal
import sys
import threading
import time

from service import Service, new_data, remove

CALLERS = 8
DRAIN_DELAY_SECONDS = 1
LOOKS_PER_SECOND = 20
LONGEST_END_SECONDS = 30
FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000


class Watcher(threading.Thread):
    """Asks for readiness, as a load balancer does, until it is no longer 200."""

    def __init__(self, port):
        super().__init__()
        self.port = port
        self.ready = threading.Event()
        self.ready.set()

    def run(self):
        while self.ready.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("GET", "/actuator/health/readiness")
                if connection.getresponse().status != 200:
                    self.ready.clear()
            except OSError:
                self.ready.clear()
            finally:
                connection.close()
            time.sleep(1 / LOOKS_PER_SECOND)


class Caller(threading.Thread):
    """Writes a sample and reads it back over a kept connection for as long as the service is ready."""

    def __init__(self, port, watcher, name, first):
        super().__init__()
        self.port = port
        self.watcher = watcher
        self.name_of_series = name
        self.next = first
        self.acknowledged = []
        self.requests = 0
        self.faults = []

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while self.watcher.ready.is_set():
            moment = FIRST_MOMENT + self.next * STEP
            body = f"timestamp,value\n{moment},{self.next}\n"
            if self.ask(connection, "POST", f"/api/v1/series/{self.name_of_series}/samples", body):
                self.acknowledged.append(moment)
            self.next += 1
            if self.watcher.ready.is_set():
                self.ask(connection, "GET", f"/api/v1/series/{self.name_of_series}/samples?limit=1", None)
        connection.close()

    def ask(self, connection, method, path, body):
        self.requests += 1
        try:
            connection.request(method, path, body, {"Content-Type": "text/csv"} if body else {})
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status == 200:
                return True
            self.faults.append(f"{method} {path}: {answer.status} {text[:200]}")
        except (OSError, http.client.HTTPException) as broken:
            self.faults.append(f"{method} {path}: {broken!r}")
            connection.close()
        return False


def start_training(service, name):
    specification = {"name": name, "series": ["waves"], "windowing": {"length": 8},
                     "training": {"epochs": 10_000, "batchSize": 1, "earlyStopping": None}}
    status, answer = service.call("POST", "/api/v1/models", specification)
    assert status == 202, answer
    return json.loads(answer)["id"]


def state(service, job):
    return json.loads(service.call("GET", f"/api/v1/jobs/{job}")[1])["state"]


def await_running(service, job):
    deadline = time.monotonic() + 30
    while state(service, job) != "running":
        assert time.monotonic() < deadline, "the training does not run"
        time.sleep(0.05)


def stored(service, name):
    status, text = service.call("GET", f"/api/v1/series/{name}/samples", None, {"Accept": "text/csv"})
    assert status == 200, text
    return {line.split(",")[0] for line in text.splitlines()[1:]}


def main():
    rounds = int(sys.argv[1])
    data = new_data("drain")
    settings = [f"-Dtelltale.connections.drain-delay={DRAIN_DELAY_SECONDS}s"]
    service = Service(data, options=settings)
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    job = start_training(service, "drained")

    faults, acknowledged, requests, longest = [], {}, 0, 0.0
    for number in range(rounds):
        await_running(service, job)
        watcher = Watcher(service.port)
        callers = [Caller(service.port, watcher, f"caller-{i}", number * 1_000_000 // CALLERS + 1) for i in range(CALLERS)]
        for caller in callers:
            caller.next = max(acknowledged.get(caller.name_of_series, {0: 0}), default=0) + 1
        for thread in [watcher, *callers]:
            thread.start()
        time.sleep(0.5 + (number * 37 % 100) / 100)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        for thread in [watcher, *callers]:
            thread.join()
        service.process.wait(timeout=120)
        took = time.monotonic() - began
        longest = max(longest, took)
        if took > LONGEST_END_SECONDS:
            faults.append(f"round {number}: the end took {took:.1f} s")
        for caller in callers:
            faults += caller.faults
            requests += caller.requests
            known = acknowledged.setdefault(caller.name_of_series, {0: 0})
            for moment in caller.acknowledged:
                known[(moment - FIRST_MOMENT) // STEP] = moment
        service.log.close()
        service = Service(data, options=settings)
        if state(service, job) not in ("queued", "running"):
            faults.append(f"round {number}: the training is {state(service, job)} after the start")
        for name, moments in acknowledged.items():
            there = stored(service, name)
            missing = [index for index, moment in moments.items() if index and iso(moment) not in there]
            if missing:
                faults.append(f"round {number}: {len(missing)} acknowledged samples of {name} are missing")
    service.kill()
    remove(data)
    total = sum(len(moments) - 1 for moments in acknowledged.values())
    print(f"{rounds} ends under load: {requests} requests, {len(faults)} failed or lost, {total} samples acknowledged and"
          f" there, the training went on each time, longest end {longest:.1f} s")
    if faults:
        raise SystemExit("\n".join(faults[:10]))


def iso(moment):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment / 1000))


if __name__ == "__main__":
    main()
