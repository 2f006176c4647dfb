#!/usr/bin/env python3
"""Gives a new Telltale what nobody should have to click: a key for Prometheus, models of two meters of the demo
machines, detectors that watch these meters on all machines, and the Alertmanager that is told.

So that nobody waits for hours, the models learn from a past that is made up as nodes.py makes up the present, without
incidents. What is there already stays as it is, so this can run at every start.

Environment: TELLTALE_URL, ADMIN_KEY_FILE, PROMETHEUS_KEY_FILE (written), ALERTMANAGER_URL, SCRAPE_SECONDS (5), and
RHYTHM_SECONDS of nodes.py.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from nodes import NODES

TELLTALE = os.environ.get("TELLTALE_URL", "http://telltale:8080")
ALERTMANAGER = os.environ.get("ALERTMANAGER_URL", "http://alertmanager:9093")
ADMIN_KEY = Path(os.environ.get("ADMIN_KEY_FILE", "/run/secrets/admin_key"))
PROMETHEUS_KEY = Path(os.environ.get("PROMETHEUS_KEY_FILE", "/keys/prometheus.key"))
SCRAPE_SECONDS = float(os.environ.get("SCRAPE_SECONDS", 5))

PATIENCE_SECONDS = 300
PAST_ROWS = 1440
LEARNED_FROM = "web-1"

# What is watched: its model and detector, the meter, what it usually is, and which side counts.
WATCHED = (
    ("load", "node_load1", lambda node, now: node.usual_load(now), "both"),
    ("memory", "node_memory_MemAvailable_bytes", lambda node, now: node.usual_memory(now), "below"),
)


class Refused(Exception):
    """An answer that is no 2xx."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status


def call(method, path, body=None, key=None, **headers):
    """The JSON that Telltale answers; a body that is no text is sent as JSON."""
    kind = "text/csv" if isinstance(body, str) else "application/json"
    data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
    request = urllib.request.Request(TELLTALE + path, data=data, method=method)
    request.add_header("Authorization", "Bearer " + (key or ADMIN_KEY.read_text().strip()))
    if data is not None:
        request.add_header("Content-Type", kind)
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as refusal:
        raise Refused(refusal.code, refusal.read(4096).decode(errors="replace")) from None


def is_there(path, key=None):
    try:
        call("GET", path, key=key)
        return True
    except Refused as refusal:
        if refusal.status in (401, 403, 404):
            return False
        raise


def await_telltale():
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(TELLTALE + "/actuator/health/readiness", timeout=5):
                return
        except OSError as not_yet:  # refused, unknown, or not ready
            if time.monotonic() > end:
                sys.exit(f"{TELLTALE} is not ready after {PATIENCE_SECONDS} s: {not_yet}")
            time.sleep(0.5)


def key_for_prometheus():
    """It may push samples and read meters, and nothing that an admin may."""
    if PROMETHEUS_KEY.exists() and is_there("/api/v1/series?limit=1", PROMETHEUS_KEY.read_text().strip()):
        return
    made = call("POST", "/api/v1/keys", {"name": "prometheus", "roles": ["writer", "metrics"]})
    new = PROMETHEUS_KEY.with_suffix(".new")
    new.write_text(made["key"])
    new.chmod(0o444)  # Prometheus is another user; the volume is its alone
    new.replace(PROMETHEUS_KEY)
    print(f"Prometheus has key {made['id']}, a writer's.")


def upload_past(meter, usual):
    """Rows of all machines until now, on the grid of the scrapes. Answers the id of the series to learn from."""
    last = time.time() // SCRAPE_SECONDS * SCRAPE_SECONDS
    moments = [last - row * SCRAPE_SECONDS for row in range(PAST_ROWS, 0, -1)]
    ids = {}
    for node in NODES.values():
        labels = {"instance": node.name, "job": "node"}
        series = call("PUT", f"/api/v1/series/{urllib.parse.quote(meter)}", {"labels": labels})
        rows = "".join(f"{now * 1000:.0f},{usual(node, now):.6f}\n" for now in moments)
        call("POST", f"/api/v1/series/{series['id']}/samples?replace=true", "timestamp,value\n" + rows)
        ids[node.name] = series["id"]
    return ids[LEARNED_FROM]


def train(name, series):
    asked = {
        "name": name,
        "series": [series],
        "windowing": {"length": 12},
        "training": {"epochs": 100},
        "threshold": {"rule": "sigma", "k": 8},
    }
    answer = call("POST", "/api/v1/models", asked, Prefer="wait=60")
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_there(f"/api/v1/models/{name}"):
        job = call("GET", f"/api/v1/jobs/{answer['id']}")
        if job["state"] in ("failed", "cancelled") or time.monotonic() > end:
            sys.exit(f"model {name} was not trained: {json.dumps(job)}")
        time.sleep(1)
    model = call("GET", f"/api/v1/models/{name}")
    print(f"Model {name} has learned {PAST_ROWS} rows in {model['trainingSeconds']:.1f} s.")


def watch(name, meter, direction):
    detector = {
        "model": name,
        "select": meter + '{job="node"}',
        "direction": direction,
        "persistence": {"m": 3, "n": 4},
        "receivers": ["alertmanager"],
    }
    call("PUT", f"/api/v1/detectors/{name}", detector)
    print(f"Detector {name} watches {detector['select']}.")


def main():
    await_telltale()
    key_for_prometheus()
    call("PUT", "/api/v1/receivers/alertmanager", {"kind": "alertmanager", "url": ALERTMANAGER, "repeat": "PT10S"})
    for name, meter, usual, direction in WATCHED:
        if not is_there(f"/api/v1/models/{name}"):
            train(name, upload_past(meter, usual))
        watch(name, meter, direction)
    print("All is set.")


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"Telltale refused what was asked of it: {refusal}")
