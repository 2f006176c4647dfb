"""One process of the service, started from the packaged jar, for the scripts beside this file."""

import atexit
import glob
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

START_LIMIT_SECONDS = 180  # far more than a start takes, where others use the machine too


def packaged_jar():
    jars = [jar for jar in glob.glob("target/telltale-*.jar") if not jar.endswith(("-sources.jar", "-javadoc.jar"))]
    if len(jars) != 1:
        raise SystemExit("package the service first: ./mvnw -q verify -DskipTests")
    return jars[0]


def java():
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# For scripts that start it many times, and do not measure how fast it works.
QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


UNPACKING = threading.Lock()


def unpacked_jar():
    """The service as `java -jar` starts it quicker: unpacked, with its classes loaded and linked in a cache.
    Made once for each jar."""
    with UNPACKING:
        return made_unpacked_jar()


def made_unpacked_jar():
    packed = packaged_jar()
    home = "target/unpacked"
    jar = os.path.join(home, os.path.basename(packed))
    # All jars bear the same time, since the same sources make the same bytes.
    with open(packed, "rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    made_of = f"{jar}.sha256"
    if not os.path.exists(made_of) or open(made_of).read() != digest:
        shutil.rmtree(home, ignore_errors=True)
        quiet = {"stdout": subprocess.DEVNULL, "check": True}
        subprocess.run([java(), "-Djarmode=tools", "-jar", packed, "extract", "--destination", home], **quiet)
        with tempfile.TemporaryDirectory() as data:
            # Ends by itself once the application context is there.
            subprocess.run(
                [java(), *QUICK_START, f"-XX:AOTCacheOutput={jar}.aot", "-Dspring.context.exit=onRefresh",
                 "-jar", jar, "--server.port=0", f"--telltale.data-dir={data}/data"],
                stderr=subprocess.DEVNULL, **quiet)
        with open(made_of, "w") as content:
            content.write(digest)
    return jar


RUNNING = []


@atexit.register
def end_what_runs():
    """A script that fails leaves no service behind."""
    for service in list(RUNNING):
        if service.process.poll() is None:
            service.kill()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def new_data(script):
    """A data directory in a directory of its own, where the log of the service lies too. It stays if the script fails."""
    data = os.path.join(tempfile.mkdtemp(prefix=f"telltale-{script}-"), "data")
    os.mkdir(data, 0o700)
    return data


def remove(data):
    shutil.rmtree(os.path.dirname(data))


def share_cores():
    """Keeps the half of the cores for the callers, and returns the others: so neither can take them from the other, and
    what is measured is the service's doing."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("callers and service need a core each")
    os.sched_setaffinity(0, set(cores[len(cores) // 2:]))
    return set(cores[:len(cores) // 2])


class Service:
    """One process of the service on a data directory, on these cores of the machine alone if any are named."""

    def __init__(self, data, heap="512m", options=(), settings=(), quick_start=False, under=(), program=None, cores=None):
        self.port = free_port()
        self.data = data
        if quick_start:
            jar = unpacked_jar()
            options = (*QUICK_START, f"-XX:AOTCache={jar}.aot", *options)
            program = ("-jar", jar)
        started = time.monotonic()
        self.log = open(os.path.join(data, "..", "service.log"), "ab")
        self.process = subprocess.Popen(
            [
                *under, java(), f"-Xmx{heap}", *options, *(program or ("-jar", packaged_jar())), f"--server.port={self.port}",
                f"--telltale.data-dir={data}",
                "--telltale.retention=0",  # the made-up series span more than 90 days, and none of it may go
                *settings,
            ],
            stdout=self.log, stderr=subprocess.STDOUT,
            preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None)
        self.under = under
        RUNNING.append(self)
        self.wait_until_ready()
        self.seconds_to_ready = time.monotonic() - started

    def wait_until_ready(self):
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"the service ended by itself with {self.process.returncode}, see {self.log.name}")
            try:
                if self.call("GET", "/actuator/health/readiness")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit(f"the service was not ready after {START_LIMIT_SECONDS} s, see {self.log.name}")

    def call(self, method, path, body=None, headers=None):
        """Status and text of an answer; a body that is not bytes is sent as JSON."""
        status, answer = self.call_bytes(method, path, body, headers)
        return status, answer.decode()

    def call_bytes(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            data = body if body is None or isinstance(body, bytes) else json.dumps(body)
            connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as broken:
            raise ConnectionError(str(broken)) from broken
        finally:
            connection.close()

    def thread(self, name):
        """The id by which the kernel knows a thread of the process."""
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/comm") as comm:
                if comm.read().strip() == name[:15]:
                    return int(task)
        raise SystemExit(f"the service has no thread {name}")

    def resident_megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            kilobytes = next(line.split()[1] for line in status if line.startswith("VmRSS"))
        return int(kilobytes) / 1024

    def live_heap_megabytes(self):
        """Of objects that are in use, after two full collections."""
        jcmd = os.path.join(os.path.dirname(java()), "jcmd")
        for _ in range(2):
            subprocess.run([jcmd, str(self.process.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
        text = self.call("GET", "/actuator/prometheus")[1]
        used = re.findall(r'^jvm_memory_used_bytes\{area="heap"[^}]*\} (\S+)', text, re.MULTILINE)
        return sum(map(float, used)) / 2**20

    def cpu_seconds(self):
        """Of all its threads since it started: tells work from waiting where others use the machine too."""
        with open(f"/proc/{self.process.pid}/stat") as status:
            fields = status.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()
        RUNNING.remove(self)

    def kill(self):
        if self.under:
            # The tracer ends with its child, which would live on without it.
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
                os.kill(int(children.read().split()[0]), signal.SIGKILL)
        else:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()
        if self in RUNNING:
            RUNNING.remove(self)
