"""Remote write into the running service and into Prometheus: see bench/remotewrite."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from service import START_LIMIT_SECONDS, Service, free_port, java, new_data, remove

SENDER = "dev.telltale.ingest.remotewrite.RemoteWriteBenchmark"


def send(port, path, seconds):
    """What the sender says of its run; it needs nothing but the JDK and its own class."""
    answer = subprocess.run(
        [java(), "-Xmx128m", "-cp", "target/test-classes", SENDER, str(port), path, str(seconds)],
        stdout=subprocess.PIPE, text=True)
    if answer.returncode != 0:
        raise SystemExit("the sender failed")
    return json.loads(answer.stdout)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as status:
        fields = status.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def meter(port, path, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as scraped:
        lines = scraped.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def telltale(seconds):
    data = new_data("remotewrite")
    service = Service(data)
    before = service.cpu_seconds()
    run = send(service.port, "/api/v1/ingest/prometheus/write", seconds)
    run["cpu"] = service.cpu_seconds() - before
    run["resident"] = service.resident_megabytes()
    stored = meter(service.port, "/actuator/prometheus", 'telltale_samples_total{outcome="accepted"}')
    service.stop()
    remove(data)
    if stored != run["samples"]:
        raise SystemExit(f"{run['samples']} samples were acknowledged and {stored:.0f} stored")
    return run


def prometheus(seconds):
    home = tempfile.mkdtemp(prefix="prometheus-remotewrite-")
    settings = os.path.join(home, "prometheus.yml")
    with open(settings, "w") as file:
        file.write("scrape_configs: []\n")
    port = free_port()
    with open(os.path.join(home, "log"), "w") as log:
        process = subprocess.Popen(
            ["prometheus", f"--config.file={settings}", f"--storage.tsdb.path={home}/data",
             f"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver"],
            stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(port)
        before = cpu_seconds(process.pid)
        run = send(port, "/api/v1/write", seconds)
        run["cpu"] = cpu_seconds(process.pid) - before
        with open(f"/proc/{process.pid}/status") as status:
            run["resident"] = int(next(line.split()[1] for line in status if line.startswith("VmRSS"))) / 1024
        stored = meter(port, "/metrics", "prometheus_tsdb_head_samples_appended_total")
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(home)
    if stored != run["samples"]:
        raise SystemExit(f"Prometheus acknowledged {run['samples']} samples and took {stored:.0f}")
    return run


def wait_until_ready(port):
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready").close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("Prometheus was not ready in time")


def show(name, run):
    print(
        f"{name:<11}{run['rate']:>11,.0f} samples/s acknowledged, answers after {run['p50']:.1f} ms (median)"
        f" and {run['p99']:.1f} ms (99 of 100), {run['cpu'] / run['samples'] * 1e6:.2f} CPU s per million,"
        f" {run['resident']:.0f} MB resident", flush=True)


def main():
    seconds, rounds = int(sys.argv[1]), int(sys.argv[2])
    ours, theirs = [], []
    installed = shutil.which("prometheus")
    if installed:
        version = subprocess.run([installed, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(version.stdout.splitlines()[0])
    else:
        print("prometheus is not on the PATH, so nothing is measured beside the service")
    for number in range(rounds):
        print(f"round {number + 1}, {seconds} s each, load average before: {os.getloadavg()[0]:.1f}")
        ours.append(telltale(seconds))
        show("Telltale", ours[-1])
        if installed:
            theirs.append(prometheus(seconds))
            show("Prometheus", theirs[-1])
    median = statistics.median(run["rate"] for run in ours)
    print(f"median: Telltale {median:,.0f} samples/s, each on disk before its acknowledgement")
    if theirs:
        other = statistics.median(run["rate"] for run in theirs)
        print(f"median: Prometheus {other:,.0f} samples/s; ratio {median / other:.2f}")


if __name__ == "__main__":
    main()
