"""Times of the start, see bench/start."""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from service import QUICK_START, Service, free_port, new_data, remove, java, packaged_jar, unpacked_jar

LIMIT_SECONDS = 120
MEMORY = "1g"


def started(options, program):
    """Seconds to ready and of CPU until then, and resident megabytes then."""
    data = new_data("start")
    service = Service(data, heap="300m", options=options, program=program)
    figures = service.seconds_to_ready, service.cpu_seconds(), service.resident_megabytes()
    service.stop()
    remove(data)
    return figures


def in_container(engine, image, key_file):
    """Seconds from the command that runs the container to ready, from then on that it runs to ready, and of CPU in it until
    then; the container has 1 GiB and a read-only root."""
    port = free_port()
    began = time.monotonic()
    container = subprocess.run(
        [engine, "run", "--detach", "--rm", "--pull=never", "--read-only", "--tmpfs=/tmp", "--cap-drop=all",
         f"--memory={MEMORY}", f"--publish=127.0.0.1:{port}:8080", f"--volume={key_file}:/run/secrets/admin.key:ro",
         "--env=TELLTALE_ACCESS_KEY_FILE=/run/secrets/admin.key", "--env=TELLTALE_CONNECTIONS_DRAIN_DELAY=0s", image],
        check=True, capture_output=True, text=True).stdout.strip()
    running = time.monotonic()
    try:
        while not answers(port):
            if time.monotonic() - began > LIMIT_SECONDS:
                raise SystemExit(subprocess.run([engine, "logs", container], capture_output=True, text=True).stdout)
            time.sleep(0.02)
        ready = time.monotonic()
        return ready - began, ready - running, cpu_seconds(engine, container)
    finally:
        subprocess.run([engine, "stop", container], check=True, capture_output=True)


def cpu_seconds(engine, container):
    pid = subprocess.run([engine, "inspect", "--format={{.State.Pid}}", container],
                         check=True, capture_output=True, text=True).stdout.strip()
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/actuator/health/readiness")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def show(what, figures):
    seconds = [figure[0] for figure in figures]
    print(f"{what}: ready after {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), "
          f"{statistics.median(figure[1] for figure in figures):.1f} s of CPU, "
          f"{statistics.median(figure[2] for figure in figures):.0f} MB resident", flush=True)


def processes(rounds):
    unpacked = unpacked_jar()
    variants = {
        "the jar": ((), ("-jar", packaged_jar())),
        "unpacked": ((), ("-jar", unpacked)),
        "unpacked, with a cache of its classes": ((*QUICK_START, f"-XX:AOTCache={unpacked}.aot"), ("-jar", unpacked)),
    }
    figures = {name: [] for name in variants}
    for _ in range(rounds):
        for name, (options, program) in variants.items():
            figures[name].append(started(options, program))
    for name, measured in figures.items():
        show(name, measured)


def engine_with(image):
    for engine in filter(None, map(shutil.which, ("docker", "podman"))):
        if subprocess.run([engine, "image", "inspect", image], capture_output=True).returncode == 0:
            return engine
    raise SystemExit(f"neither docker nor podman has an image {image}")


def containers(rounds, image):
    engine = engine_with(image)
    with tempfile.TemporaryDirectory() as folder:
        key_file = os.path.join(folder, "admin.key")
        with open(key_file, "w") as key:
            subprocess.run([java(), "-jar", packaged_jar(), "keys", "generate"], check=True, stdout=key)
        os.chmod(folder, 0o755)
        os.chmod(key_file, 0o644)
        commanded, ran, cpu = zip(*(in_container(engine, image, key_file) for _ in range(rounds)))
    print(f"the image by {os.path.basename(engine)}: ready {statistics.median(commanded):.2f} s after the command was given "
          f"({min(commanded):.2f} to {max(commanded):.2f}), {statistics.median(ran):.2f} s after the container ran "
          f"({min(ran):.2f} to {max(ran):.2f}), {statistics.median(cpu):.1f} s of CPU")


def main():
    rounds, image = int(sys.argv[1]), sys.argv[2]
    if image:
        containers(rounds, image)
    else:
        processes(rounds)
    print("load of the machine over the last minute: {:.1f}, over the last five: {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    main()
