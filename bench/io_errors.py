"""Errors of the disk under the writer of samples: see bench/release/io-errors."""

import itertools
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

from acknowledged import Samples
from faults import Tracer, await_true
from service import Service, new_data, remove

SENDERS = 2
DOWN_WITHIN = 5
UP_WITHIN = 30
# The system call that fails, and where among those of the writing thread. A truncation follows an error.
FAULTS = {
    "fsync": lambda chance: ["fsync:error=EIO:when={}".format(chance.randint(1, 12))],
    "pwrite64": lambda chance: ["pwrite64:error=EIO:when={}".format(chance.randint(1, 120))],
    "ftruncate": lambda chance: ["fsync:error=EIO:when=1", "ftruncate:error=EIO:when=1"],
    "fsync-for-long": lambda chance: ["fsync:error=EIO:when={}..{}".format(*(lambda n: (n, n + 3))(chance.randint(1, 9)))],
}


class Sender(threading.Thread):
    """Uploads batches one after the other, and notes when each was sent and how it was answered."""

    def __init__(self, service, samples, series, stop, chance):
        super().__init__()
        self.service, self.samples, self.series, self.stop, self.chance = service, samples, series, stop, chance
        self.sent = []  # (epoch seconds when it was sent, when it was answered, status)
        self.failure = None

    def run(self):
        try:
            while not self.stop.is_set():
                size = self.chance.choice([10, 200, 200, 4000])
                rows = self.samples.next(self.series, size, self.chance)
                began = time.time()
                status, answer = self.samples.upload(self.service, self.series, rows)
                self.sent.append((began, time.time(), status))
                if status not in (200, 503, 507):
                    raise SystemExit(f"an upload was answered {status}: {answer}")
                if status != 200:
                    time.sleep(0.02)
        except BaseException as failure:  # shown by the main thread
            self.failure = failure


def ready(service):
    return service.call("GET", "/actuator/health/readiness")[0] == 200


def fail_once(service, samples, number, inject, chance):
    """One fault under load. Returns whether it struck, and the seconds until readiness was down and up again."""
    stop = threading.Event()
    senders = [Sender(service, samples, f"load-{i}", stop, random.Random(chance.random())) for i in range(SENDERS)]
    tracer = Tracer(service.thread("database-writer"), "pwrite64,fsync,fdatasync,ftruncate", inject)
    try:
        for sender in senders:
            sender.start()
        deadline = time.monotonic() + 20
        while not tracer.injected and time.monotonic() < deadline:
            time.sleep(0.005)
        if not tracer.injected:
            return False, 0, 0
        struck = tracer.injected[0][0]
        await_true(lambda: not ready(service), DOWN_WITHIN, f"{inject}: readiness after {tracer.injected[0][1]}")
        down = time.time()
        await_true(lambda: ready(service), UP_WITHIN, f"{inject}: coming back")
        up = time.time()
        time.sleep(0.1)
    finally:
        stop.set()
        for sender in senders:
            if sender.is_alive():
                sender.join()
        tracer.detach()
    anew = written_anew(inject, tracer.lines, struck)
    for sender in senders:
        if sender.failure:
            raise sender.failure
        wrong = [began for began, ended, status in sender.sent if struck < began and ended < anew and status == 200]
        if wrong:
            raise SystemExit(f"{inject}: {len(wrong)} uploads were acknowledged while the store had failed")
    return True, down - struck, up - struck


def written_anew(inject, lines, struck):
    """When the log was begun anew after a fault, all of it being in the database file, which was synced."""
    unsynced = 0
    for line in lines:
        if moment(line) <= struck or "INJECTED" in line:
            continue
        if "pwrite64(" in line and "/telltale.db>" in line:
            unsynced += 1
        elif "fsync(" in line and "/telltale.db>" in line and line.rstrip().endswith("= 0"):
            unsynced = 0
        elif "ftruncate(" in line and "/telltale.db-wal>" in line:
            if unsynced:
                raise SystemExit(f"{inject}: the log was begun anew before the database file was synced")
            return moment(line)
    raise SystemExit(f"{inject}: the log was not begun anew")


def moment(line):
    return float(line.split()[0]) if line[:1].isdigit() else 0.0


def independent_look(data):
    """What a plain SQLite says of a copy of the files."""
    with tempfile.TemporaryDirectory() as copy:
        for name in ("telltale.db", "telltale.db-wal"):
            if os.path.exists(os.path.join(data, name)):
                shutil.copy(os.path.join(data, name), copy)
        with sqlite3.connect(os.path.join(copy, "telltale.db")) as database:
            outcome = database.execute("PRAGMA integrity_check").fetchone()[0]
        database.close()
    if outcome != "ok":
        raise SystemExit(f"the database is damaged: {outcome}")


def main():
    positions = int(sys.argv[1])
    kinds = sys.argv[2].split(",") if len(sys.argv) > 2 else list(FAULTS)
    started = time.monotonic()
    data = new_data("io-errors")
    chance = random.Random(7)
    samples = Samples()
    service = Service(data, quick_start=True)
    struck = dict.fromkeys(kinds, 0)
    slowest_down = slowest_up = 0
    for number, kind in itertools.product(range(positions), kinds):
        did, down, up = fail_once(service, samples, number, FAULTS[kind](chance), chance)
        struck[kind] += did
        slowest_down, slowest_up = max(slowest_down, down), max(slowest_up, up)
    service.kill()
    independent_look(data)
    service = Service(data, quick_start=True)
    samples.check(service)
    service.stop()
    independent_look(data)
    remove(data)
    faults = ", ".join(f"{count} {kind}" for kind, count in struck.items())
    print(f"{sum(struck.values())} disk faults ({faults}): 0 of {samples.count()} acknowledged samples lost, none twice,"
          f" 0 acknowledged while the store had failed; readiness down after {slowest_down:.2f} s at most and up again after"
          f" {slowest_up:.1f} s; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
