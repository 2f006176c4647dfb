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
WARM_UP_TURNS = 4  # for each process that shares the work, until what is measured is compiled
SETTLE_SECONDS = 3  # at the begin of a turn
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


class Sender:
    """Pushes at an even rate to one process of the service after the other, over connections that stay open, while it is
    its deployment's turn."""

    def __init__(self, number, ports, rate):
        self.instances = [f"node-{number}-{i}" for i in range(INSTANCES)]
        self.connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in ports]
        self.pause = INSTANCES * ROWS / rate
        self.moment = 1_700_000_000_000
        self.pushes = 0
        self.turn = threading.Event()
        self.failure = None
        threading.Thread(target=self.guarded, daemon=True).start()

    def guarded(self):
        try:
            while True:
                self.turn.wait()
                self.push_while_it_is_the_turn()
        except BaseException as failure:
            self.failure = failure

    def push_while_it_is_the_turn(self):
        for connection in self.connections:
            connection.close()  # the service may have ended it meanwhile; it is opened again by itself
        due = time.monotonic()
        while self.turn.is_set():
            rows = {self.moment + i * STEP: 100.0 + i for i in range(ROWS)}
            self.moment += ROWS * STEP
            connection = self.connections[self.pushes % len(self.connections)]
            connection.request("POST", "/api/v1/ingest/prometheus/write", write_request({one: rows for one in self.instances}), HEADERS)
            response = connection.getresponse()
            answer = response.read()
            if response.status != 204:
                raise SystemExit(f"a push was answered {response.status}: {answer}")
            self.pushes += 1
            due += self.pause
            time.sleep(max(0, due - time.monotonic()))


class Deployment:
    """So many processes of the service, with a database server and a broker of their own."""

    def __init__(self, classpath, count, rate):
        self.servers = Servers(classpath)
        self.replicas = Replicas([*self.servers.settings, "--telltale.ingest.oldest=0"], count)
        ports = [service.port for service in self.replicas.services]
        self.senders = [Sender(number, ports, rate / SENDERS) for number in range(SENDERS)]

    def now(self):
        """Samples that were pushed, and seconds of CPU of the processes, the database server and the broker."""
        return (sum(sender.pushes for sender in self.senders) * INSTANCES * ROWS,
                sum(service.cpu_seconds() for service in self.replicas.services),
                cpu_of_tree(self.servers.database) if self.servers.database else 0,
                cpu_of_tree(self.servers.process.pid))

    def during(self, seconds):
        """What was added to each of these."""
        before = self.now()
        time.sleep(seconds)
        return [later - earlier for earlier, later in zip(before, self.now())]

    def turn(self, seconds):
        """Samples a second, and microseconds of CPU for each."""
        for sender in self.senders:
            sender.turn.set()
        time.sleep(SETTLE_SECONDS)
        samples, *used = self.during(seconds)
        for sender in self.senders:
            sender.turn.clear()
            if sender.failure:
                raise sender.failure
        return samples / seconds, [1e6 * one / samples for one in used]

    def stop(self):
        self.replicas.stop()
        self.servers.stop()


def main():
    classpath, seconds, rate, rounds = sys.argv[1], *map(int, sys.argv[2:5])
    deployments = {count: Deployment(classpath, count, rate) for count in COUNTS}
    for _ in range(WARM_UP_TURNS):
        for count, deployment in deployments.items():
            for _ in range(count):
                deployment.turn(seconds)
    time.sleep(SETTLE_SECONDS)
    for count, deployment in deployments.items():
        _, service, database, topic = (1000 * one / seconds for one in deployment.during(seconds))
        print(f"{count} replicas without samples: CPU in each second: service {service:.0f} ms, PostgreSQL {database:.0f} ms, Kafka {topic:.0f} ms",
              flush=True)
    found = {count: [] for count in COUNTS}
    for number in range(rounds):
        for count, deployment in deployments.items():
            reached, (service, database, topic) = deployment.turn(seconds)
            found[count].append(service)
            print(f"round {number + 1}, {count} replicas: {reached:,.0f} samples/s; CPU for each sample: service {service:.2f} µs, "
                  f"PostgreSQL {database:.2f} µs, Kafka {topic:.2f} µs", flush=True)
    for deployment in deployments.values():
        deployment.stop()
    for count in COUNTS:
        ratio = statistics.median(many / one for many, one in zip(found[count], found[1]))
        print(f"{count} replicas: {statistics.median(found[count]):.2f} µs of CPU for each sample, {ratio:.2f} of one")


if __name__ == "__main__":
    main()
