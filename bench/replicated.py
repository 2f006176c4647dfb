"""Processes of the service on one database, and the servers that they share: for the scripts beside this file."""

import subprocess
import threading
import time

from service import RUNNING, Service, java, new_data, remove

FINAL = ("succeeded", "failed", "cancelled")  # states of a job


class Servers:
    """PostgreSQL and Kafka, and what the database says of who works on what."""

    def __init__(self, classpath):
        self.process = subprocess.Popen(
            [java(), "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath, "dev.telltale.ops.ReplicaServers"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        RUNNING.append(self)
        self.database = None  # its process id, where that is on this machine
        for line in self.process.stdout:
            if line.startswith("PostgreSQL is process "):
                self.database = int(line.split()[-1])
            if line.startswith("--"):
                self.settings = line.split()
                break
            if " for tests: " in line:
                print(line, end="", flush=True)  # which servers these are
        else:
            raise SystemExit("the servers did not start")
        self.lines = []  # (seconds, kind, subject, owner, state)
        self.now = {}  # (kind, subject): (owner, state)
        self.lock = threading.Lock()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        for line in self.process.stdout:
            words = line.split()
            if len(words) != 5 or not words[0].isdigit():
                print(line, end="", flush=True)  # what was seen until here is not enough; the checks will say so
                return
            with self.lock:
                self.lines.append((int(words[0]) / 1000, *words[1:]))
                self.now[words[1], words[2]] = (words[3], words[4])

    def held_by(self, name):
        with self.lock:
            return [subject for subject, (owner, state) in self.now.items()
                    if owner.startswith(name + "-") and not (subject[0] == "job" and state != "running")]

    def takeovers(self, kills):
        """Seconds by kind until each thing that a killed process had was another's, or done by it.

        @param kills when, and (kind, subject, owner) that it had then"""
        found = {}
        for killed, had in kills:
            for kind, subject, owner in had:
                after = [line for line in self.lines if line[1:3] == (kind, subject) and line[0] > killed]
                taken = next((line[0] for line in after if line[3] not in (owner, "-") or line[4] in FINAL), None)
                if taken is None:
                    raise SystemExit(f"{kind} {subject} was never taken over from {owner}")
                found.setdefault(kind, []).append(taken - killed)
        return found

    def kill(self):  # by who cleans up
        self.stop()

    def stop(self):
        RUNNING.remove(self)
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Replicas:
    """Processes of the service of which one is killed now and then, and started again at once."""

    def __init__(self, settings, count):
        self.settings = settings
        self.count = count
        self.data = [new_data("replicas") for _ in range(count)]
        self.services = [None] * count
        self.lock = threading.Lock()
        self.failures = []
        starts = [threading.Thread(target=self.start, args=(number,)) for number in range(count)]
        for start in starts:
            start.start()
        for start in starts:
            start.join()
        self.raise_failures()

    def name(self, number):
        return f"r{number}"

    def start(self, number):
        try:
            service = Service(
                self.data[number], settings=[*self.settings, f"--telltale.replica.name={self.name(number)}"], quick_start=True)
            with self.lock:
                self.services[number] = service
        except BaseException as failure:
            self.failures.append(failure)

    def raise_failures(self):
        if self.failures:
            raise self.failures[0]

    def up(self):
        with self.lock:
            return [number for number in range(self.count) if self.services[number]]

    def any(self, chance):
        """One that was not killed, as far as is known; there may be none for a while."""
        while True:
            with self.lock:
                up = [service for service in self.services if service]
            if up:
                return chance.choice(up)
            self.raise_failures()
            time.sleep(0.1)

    def kill(self, number):
        with self.lock:
            service = self.services[number]
            self.services[number] = None
        service.kill()

    def stop(self):
        for service in self.services:
            service.stop()
        for data in self.data:
            remove(data)
