"""CPU for each sample with one, two and three processes of the service: see bench/replicas-cpu."""

import glob
import http.client
import os
import statistics
import sys
import threading
import time

from acknowledged import write_request
from replicated import Replicas, Servers

COUNTS = (1, 2, 3)
SENDERS = 4
INSTANCES = 50  # of a sender, each with one series
ROWS = 20  # of each in a request
WARM_UP_SECONDS = 30  # for each process that shares the work, until what is measured is compiled
STEP = 1_000  # ms between samples
HEADERS = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}


def cpu_of_tree(pid):
    """Seconds of CPU of a process and all that it started, those that have ended too."""
    children = {}
    used = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as status:
                text = status.read()
        except OSError:
            continue  # ended meanwhile
        fields = text.rsplit(")", 1)[1].split()
        number = int(text.split()[0])
        children.setdefault(int(fields[1]), []).append(number)
        used[number] = sum(int(ticks) for ticks in fields[11:15])
    ticks = 0
    left = [pid]
    while left:
        one = left.pop()
        ticks += used.get(one, 0)
        left += children.get(one, [])
    return ticks / os.sysconf("SC_CLK_TCK")


class Pace:
    """How much CPU a fixed piece of work takes here and now: others on the same hardware make it more or less."""

    LOOPS = 200_000

    def __init__(self):
        self.found = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stop.wait(0.5):
            began = time.thread_time()
            for _ in range(self.LOOPS):
                pass
            self.found.append(time.thread_time() - began)

    def end(self):
        """Milliseconds."""
        self.stop.set()
        self.thread.join()
        return 1000 * statistics.median(self.found)


class Sender:
    """Pushes at an even rate to one process of the service after the other, over connections that stay open."""

    def __init__(self, number, ports, rate, first):
        self.instances = [f"node-{number}-{i}" for i in range(INSTANCES)]
        self.connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in ports]
        self.pause = INSTANCES * ROWS / rate
        self.moment = first
        self.sent = 0
        self.failure = None
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.guarded)
        self.thread.start()

    def guarded(self):
        try:
            self.run()
        except BaseException as failure:
            self.failure = failure

    def run(self):
        due = time.monotonic()
        turn = 0
        while not self.stop.is_set():
            rows = {self.moment + i * STEP: 100.0 + i for i in range(ROWS)}
            self.moment += ROWS * STEP
            connection = self.connections[turn % len(self.connections)]
            turn += 1
            connection.request("POST", "/api/v1/ingest/prometheus/write", write_request({one: rows for one in self.instances}), HEADERS)
            response = connection.getresponse()
            answer = response.read()
            if response.status != 204:
                raise SystemExit(f"a push was answered {response.status}: {answer}")
            self.sent += INSTANCES * ROWS
            due += self.pause
            time.sleep(max(0, due - time.monotonic()))


def measure(servers, count, rate, seconds, first):
    """Microseconds of CPU for each sample of the services, and of what they share, and of the pace meanwhile."""
    replicas = Replicas([*servers.settings, "--telltale.ingest.oldest=0"], count)
    senders = [Sender(number, [service.port for service in replicas.services], rate / SENDERS, first) for number in range(SENDERS)]
    time.sleep(WARM_UP_SECONDS * count)

    def now():
        return (sum(sender.sent for sender in senders), sum(service.cpu_seconds() for service in replicas.services),
                cpu_of_tree(servers.database) if servers.database else 0, cpu_of_tree(servers.process.pid))

    pace = Pace()
    before = now()
    time.sleep(seconds)
    after = now()
    paced = pace.end()
    for sender in senders:
        sender.stop.set()
    for sender in senders:
        sender.thread.join()
        if sender.failure:
            raise sender.failure
    moment = max(sender.moment for sender in senders)
    replicas.stop()
    samples, *used = (later - earlier for later, earlier in zip(after, before))
    return samples / seconds, [1e6 * one / samples for one in used], paced, moment


def main():
    classpath, seconds, rate, rounds = sys.argv[1], *map(int, sys.argv[2:5])
    servers = Servers(classpath)
    first = 1_700_000_000_000
    found = {count: [] for count in COUNTS}
    for number in range(rounds):
        for count in COUNTS:
            reached, used, pace, first = measure(servers, count, rate, seconds, first)
            found[count].append((used[0], pace))
            service, database, topic = used
            print(f"round {number + 1}, {count} replicas: {reached:,.0f} samples/s; CPU for each sample: service {service:.2f} µs, "
                  f"PostgreSQL {database:.2f} µs, Kafka {topic:.2f} µs; pace {pace:.2f} ms", flush=True)
    servers.stop()
    one = statistics.median(used / pace for used, pace in found[1])
    for count in COUNTS:
        used = statistics.median(used for used, _ in found[count])
        paced = statistics.median(used / pace for used, pace in found[count])
        print(f"{count} replicas: {used:.2f} µs of CPU for each sample; measured by the pace, {paced / one:.2f} of one")


if __name__ == "__main__":
    main()
