"""Faults of the system under a running service, made by strace: errors of the disk, and its end at a system call."""

import re
import subprocess
import threading
import time


class Tracer:
    """strace on one thread, or on a process with all of its threads."""

    def __init__(self, task, calls, inject=(), all_threads=False, paths=()):
        command = ["strace", "-ttt", "-y", "-s", "0", "-e", "signal=none", "-e", "trace=" + calls, "-p", str(task)]
        for one in inject:
            command += ["-e", "inject=" + one]
        if all_threads:
            command += ["-f"]
        for path in paths:  # only calls on these
            command += ["-P", path]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.injected = []  # (epoch seconds, line)
        self.attached = threading.Event()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        if not self.attached.wait(30):
            raise SystemExit(f"strace did not attach: {self.lines}")

    def read(self):
        for line in self.process.stderr:
            if " attached" in line:
                self.attached.set()
                continue
            self.lines.append(line)
            if "(INJECTED" in line:
                moment = re.search(r"\d{10}\.\d+", line)
                self.injected.append((float(moment.group()), line.strip()))
        self.attached.set()

    def detach(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.reader.join(5)


def await_true(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} took more than {seconds} s")
        time.sleep(0.02)
