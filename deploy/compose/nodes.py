#!/usr/bin/env python3
"""Three machines that do not exist, each as a node exporter would tell of it: http://…/web-1/metrics.

Their load goes up and down in a rhythm. POST /web-2/incident?seconds=60 lets a machine run wild for so long; one of
them also does so by itself, each quarter of an hour.

  nodes.py [--address 127.0.0.1] [--port 9100]

Environment: RHYTHM_SECONDS (600), INCIDENT_EVERY (900; 0: never by itself), INCIDENT_SECONDS (90).
"""

import argparse
import math
import os
import random
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

RHYTHM = float(os.environ.get("RHYTHM_SECONDS", 600))
EVERY = float(os.environ.get("INCIDENT_EVERY", 900))
LASTING = float(os.environ.get("INCIDENT_SECONDS", 90))
UNRULY = "web-2"
LONGEST_INCIDENT = 3600

CORES = 2
GIBIBYTE = 2**30
MEGABYTE = 1e6


def noise(name, what, now):
    """From -1 to 1; the same for the same moment."""
    return random.Random(f"{name} {what} {now:.3f}").uniform(-1, 1)


class Node:
    """One machine. Sizes differ from machine to machine, the rhythm does not."""

    def __init__(self, name, size):
        self.name = name
        self.size = size
        self.started = self.counted = time.time()
        self.incident_ends = 0.0
        self.counting = threading.Lock()
        self.busy_seconds = self.idle_seconds = self.written = self.received = 0.0

    def usual_load(self, now):
        """Processes that run or want to, without any incident."""
        return self.size * (0.8 + 0.4 * math.sin(2 * math.pi * now / RHYTHM) + 0.04 * noise(self.name, "load", now))

    def usual_memory(self, now):
        """Bytes that programs could still have, without any incident."""
        share = 0.6 - 0.1 * math.sin(2 * math.pi * now / RHYTHM) + 0.01 * noise(self.name, "memory", now)
        return 8 * GIBIBYTE * self.size * share

    def is_wild(self, now):
        by_itself = self.name == UNRULY and EVERY > 0 and (now - self.started) % EVERY > EVERY - LASTING
        return by_itself or now < self.incident_ends

    def load(self, now):
        return self.usual_load(now) + (6 * self.size if self.is_wild(now) else 0)

    def memory(self, now):
        return self.usual_memory(now) * (0.1 if self.is_wild(now) else 1)

    def count(self, now):
        """Lets the counters go on, as if all had been as it is now since the last time."""
        with self.counting:
            seconds = max(0.0, now - self.counted)
            self.counted = now
            busy = min(0.99, self.load(now) / (CORES * self.size))
            self.busy_seconds += busy * seconds
            self.idle_seconds += (1 - busy) * seconds
            self.written += seconds * self.size * MEGABYTE * (60 if self.is_wild(now) else 2 + 2 * busy)
            self.received += seconds * self.size * MEGABYTE * (0.5 + busy)

    def metrics(self, now):
        self.count(now)
        lines = []

        def family(name, kind, what, *samples):
            lines.append(f"# HELP {name} {what}")
            lines.append(f"# TYPE {name} {kind}")
            lines.extend(f"{name}{labels} {value:.3f}" for labels, value in samples)

        family("node_load1", "gauge", "Load of the last minute.", ("", self.load(now)))
        family("node_memory_MemTotal_bytes", "gauge", "Memory.", ("", 8 * GIBIBYTE * self.size))
        family("node_memory_MemAvailable_bytes", "gauge", "Memory that programs can have.", ("", self.memory(now)))
        cpu = []
        for core in range(CORES):
            cpu.append((f'{{cpu="{core}",mode="user"}}', 0.8 * self.busy_seconds))
            cpu.append((f'{{cpu="{core}",mode="system"}}', 0.2 * self.busy_seconds))
            cpu.append((f'{{cpu="{core}",mode="idle"}}', self.idle_seconds))
        family("node_cpu_seconds_total", "counter", "Seconds that the cores spent.", *cpu)
        written = ('{device="nvme0n1"}', self.written)
        family("node_disk_written_bytes_total", "counter", "Bytes written to disks.", written)
        received = ('{device="eth0"}', self.received)
        family("node_network_receive_bytes_total", "counter", "Bytes that came over the network.", received)
        return "\n".join(lines) + "\n"


NODES = {node.name: node for node in (Node("web-1", 1.0), Node("web-2", 1.3), Node("web-3", 0.7))}


class Exporter(BaseHTTPRequestHandler):
    """GET /{node}/metrics and POST /{node}/incident?seconds=…"""

    def do_GET(self):
        node, what = self.place()
        if node is None or what != "metrics":
            return self.answer(404, "there is " + ", ".join(f"/{name}/metrics" for name in NODES) + "\n")
        return self.answer(200, node.metrics(time.time()))

    def do_POST(self):
        node, what = self.place()
        if node is None or what != "incident":
            return self.answer(404, "there is " + ", ".join(f"/{name}/incident" for name in NODES) + "\n")
        try:
            seconds = float(parse_qs(urlparse(self.path).query).get("seconds", ["60"])[0])
        except ValueError:
            return self.answer(400, "seconds is a number\n")
        if not 0 <= seconds <= LONGEST_INCIDENT:
            return self.answer(400, f"seconds is from 0 to {LONGEST_INCIDENT}\n")
        node.incident_ends = time.time() + seconds
        return self.answer(204, "")

    def place(self):
        parts = urlparse(self.path).path.strip("/").split("/")
        return (NODES.get(parts[0]), parts[1]) if len(parts) == 2 else (None, None)

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--address", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=9100)
    given = arguments.parse_args()
    ThreadingHTTPServer((given.address, given.port), Exporter).serve_forever()
