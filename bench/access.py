"""What keys, limits and the log of changes cost: see bench/access."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from service import Service, java, share_cores

WRITE = "/api/v1/ingest/prometheus/write"
SENDER = "dev.telltale.ingest.remotewrite.RemoteWriteBenchmark"
GUARDED = "dev.telltale.TelltaleApplication"
BARE = "dev.telltale.access.UnguardedTelltale"


class Running(Service):
    """A process of the service from the class path."""

    def __init__(self, classpath, main, home, cores):
        data = os.path.join(home, main, "data")
        os.makedirs(data, 0o700)
        self.credential = []
        self.hours = 1_000  # before now: samples of each turn are newer than those of the turns before
        super().__init__(
            data, options=("--enable-native-access=ALL-UNNAMED",), settings=("--telltale.ingest.oldest=0",),
            program=("-cp", classpath, main), cores=cores)

    def make_key(self):
        status, answer = self.call("POST", "/api/v1/keys", {"name": "bench", "roles": ["writer"]})
        if status != 201:
            raise SystemExit(f"no key was made: {status} {answer}")
        self.credential = ["Bearer " + json.loads(answer)["key"]]


def send(classpath, service, seconds):
    before = service.cpu_seconds()
    service.hours -= 1
    answer = subprocess.run(
        [java(), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classpath, SENDER, str(service.port), WRITE,
         str(seconds), str(service.hours), *service.credential],
        stdout=subprocess.PIPE, text=True)
    if answer.returncode != 0:
        raise SystemExit("the sender failed")
    run = json.loads(answer.stdout)
    run["cpu"] = (service.cpu_seconds() - before) / run["samples"] * 1e6
    return run


def main():
    classpath, seconds, turns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(f"load average before: {os.getloadavg()[0]:.1f}", flush=True)
    subprocess.run(
        [java(), "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp", classpath,
         "dev.telltale.access.KeyCheckBenchmark"], check=True)
    home = tempfile.mkdtemp(prefix="telltale-access-")
    cores = share_cores()  # the sender has the others
    guarded, bare = Running(classpath, GUARDED, home, cores), Running(classpath, BARE, home, cores)
    try:
        guarded.make_key()
        for service in (guarded, bare, guarded, bare):
            send(classpath, service, 2 * seconds)  # to warm up
        runs = {guarded: [], bare: []}
        for turn in range(turns):
            for service in (guarded, bare) if turn % 2 == 0 else (bare, guarded):
                runs[service].append(send(classpath, service, seconds))
    finally:
        guarded.stop()
        bare.stop()
    shutil.rmtree(home)
    for name, service in (("as it is", guarded), ("without", bare)):
        rate = statistics.median(run["rate"] for run in runs[service])
        cpu = statistics.median(run["cpu"] for run in runs[service])
        print(f"{name:<9}{rate:>11,.0f} samples/s, {cpu:.3f} CPU s per million (medians of {turns} turns of {seconds} s)")
    for figure, label in (("rate", "samples/s"), ("cpu", "CPU")):
        ratio = statistics.median(run[figure] for run in runs[guarded]) / statistics.median(
            run[figure] for run in runs[bare])
        print(f"ratio of {label}: {ratio:.3f}")
    print(f"load average after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
