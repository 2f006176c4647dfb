"""A small disk that fills up under a running service: see bench/release/disk-full."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from acknowledged import FIRST_MOMENT, STEP, Samples, remote_write
from faults import await_true
from service import Service

BACK_WITHIN = 30


class Readers(threading.Thread):
    """Reads and scores until it is told to stop; everything must work."""

    def __init__(self, service):
        super().__init__()
        self.service = service
        self.stop = threading.Event()
        self.count = 0
        self.failure = None

    def run(self):
        body = {"samples": [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + i % 7} for i in range(20)]}
        calls = [("POST", "/api/v1/models/m/score", body), ("GET", "/api/v1/series/training/samples", None),
                 ("GET", "/actuator/health/readiness", None), ("GET", "/api/v1/models", None)]
        try:
            while not self.stop.is_set():
                for method, path, content in calls:
                    status, answer = self.service.call(method, path, content)
                    if status != 200:
                        raise SystemExit(f"{method} {path} answered {status}: {answer[:300]}")
                    self.count += 1
                time.sleep(0.05)
        except BaseException as failure:  # shown by the main thread
            self.failure = failure

    def end(self):
        self.stop.set()
        self.join()
        if self.failure:
            raise self.failure


def prepare(service, samples, chance):
    status, answer = samples.upload(service, "training", samples.next("training", 1000, chance))
    assert status == 200, answer
    model = {"name": "m", "series": ["training"], "windowing": {"length": 8}, "training": {"epochs": 1}}
    status, answer = service.call("POST", "/api/v1/models", model, {"Prefer": "wait=60"})
    assert status == 201, answer


def upload_until_full(service, samples, chance):
    """Uploads, at last small ones, until there is no room. Returns how many were refused, which are tried again for a while."""
    refused = 0
    for size in (20_000, 500):
        tries = 5
        while tries:
            status, answer = samples.upload(service, "load", samples.next("load", size, chance))
            if status == 507:
                refused += 1
                tries -= 1
            elif status != 200:
                raise SystemExit(f"an upload was answered {status}: {answer[:300]}")
    return refused


def push(service, samples, chance):
    rows = samples.next("pushed", 100, chance)
    samples.doubt("pushed", rows)
    status, answer = remote_write(service, "pushed", rows)
    if status == 204:
        samples.acknowledge("pushed", rows)
    return status


def await_writing(service, samples, chance):
    """Seconds until an upload is taken again."""
    began = time.monotonic()
    await_true(
        lambda: samples.upload(service, "load", samples.next("load", 5_000, chance))[0] == 200, BACK_WITHIN, "writing again")
    seconds = time.monotonic() - began
    await_true(lambda: push(service, samples, chance) == 204, BACK_WITHIN, "remote write again")
    return seconds


def meter(service, name):
    text = service.call("GET", "/actuator/prometheus")[1]
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith(name + " ")))


def fill(path, leave):
    """A file of somebody else that leaves so many bytes of the disk free."""
    disk = os.statvfs(os.path.dirname(path))
    room = disk.f_bavail * disk.f_frsize - leave
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, room)


def run(megabytes, guard, chance):
    """One disk. Returns (acknowledged samples, refusals, reads, seconds until writing again)."""
    home = tempfile.mkdtemp(prefix="telltale-disk-full-")
    disk = os.path.join(home, "disk")
    os.mkdir(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", disk], check=True)
    service = None
    try:
        data = os.path.join(disk, "data")
        os.mkdir(data, 0o700)
        settings = [f"--telltale.storage.min-free={guard}MB", "--telltale.storage.min-free-share=0", "--telltale.ingest.oldest=0"]
        service = Service(data, settings=settings, quick_start=True)
        samples = Samples()
        prepare(service, samples, chance)
        others = os.path.join(disk, "others")
        if guard:
            # Somebody else fills the disk up to a little above the bound, then beyond it.
            fill(others, (guard + 2) << 20)
        else:
            fill(others, (megabytes << 20) // 20)
        readers = Readers(service)
        readers.start()
        try:
            refused = upload_until_full(service, samples, chance)
            pushed = push(service, samples, chance)
            if guard and pushed != 503:
                raise SystemExit(f"remote write was answered {pushed}")
            full = meter(service, 'telltale_storage_failures_total{cause="full"}')
            if guard and (full or meter(service, "telltale_storage_writable") != 0):
                raise SystemExit("a write found no room although some is to be left")
            if not guard and not full:
                raise SystemExit("no write found that there is no room")
            os.remove(others)
            seconds = await_writing(service, samples, chance)
        finally:
            readers.end()
        samples.check(service)
        service.kill()
        service = Service(data, settings=settings, quick_start=True)
        samples.check(service)
        return samples.count(), refused, readers.count, seconds
    finally:
        if service:
            service.kill()
        subprocess.run(["umount", disk], check=True)
        shutil.rmtree(home)


def can_mount():
    with tempfile.TemporaryDirectory() as probe:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe], stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            return False
        subprocess.run(["umount", probe], check=True)
        return True


def main():
    sizes = [int(size) for size in sys.argv[1].split(",")]
    if os.geteuid() != 0 or not can_mount():
        print("skipped: disk full: only root may mount a small disk, and only where mounts are allowed")
        return
    started = time.monotonic()
    chance = random.Random(5)
    runs = [run(size, guard, chance) for size in sizes for guard in (0, 16)]
    print(f"{len(runs)} small disks filled, with and without a bound: 0 of {sum(r[0] for r in runs)} acknowledged samples lost,"
          f" {sum(r[1] for r in runs)} uploads refused with 507, {sum(r[2] for r in runs)} of {sum(r[2] for r in runs)} reads and scores"
          f" answered, writing again {max(r[3] for r in runs):.1f} s after there was room at most, no restart;"
          f" {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
