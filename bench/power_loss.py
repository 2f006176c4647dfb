"""What a loss of power may leave: see bench/release/power-loss."""

import bisect
import collections
import http.client
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

from acknowledged import STEP, Samples
from service import QUICK_START, Service, java, new_data, remove, unpacked_jar

SENDERS = 3
SECTOR = 512
FILES = ("telltale.db", "telltale.db-wal")
CALLS = "write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat"

Event = collections.namedtuple("Event", "kind path data offset began ended ok")


class Sender(threading.Thread):
    """Uploads over one connection, one batch after the other, so that its n-th answer is that of its n-th batch."""

    def __init__(self, service, samples, series, stop, chance):
        super().__init__()
        self.service, self.samples, self.series, self.stop, self.chance = service, samples, series, stop, chance
        self.batches = []
        self.port = None
        self.failure = None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        try:
            connection.connect()
            self.port = connection.sock.getsockname()[1]
            while not self.stop.is_set():
                rows = self.samples.next(self.series, self.chance.choice([1, 20, 100]), self.chance)
                self.batches.append(rows)
                body = json.dumps({"samples": [{"timestamp": at, "value": value} for at, value in rows.items()]})
                connection.request("POST", f"/api/v1/series/{self.series}/samples", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise SystemExit(f"an upload was answered {answer.status}")
                time.sleep(0.01)
        except BaseException as failure:  # shown by the main thread
            self.failure = failure


def record(data, seconds, chance):
    """Runs the service under strace and load. Returns the senders and the trace."""
    trace = os.path.join(os.path.dirname(data), "trace")
    tracer = ["strace", "-f", "--seccomp-bpf", "-y", "-yy", "-xx", "-s", "70000", "-e", "signal=none", "-e", "trace=" + CALLS, "-o", trace]
    service = Service(data, quick_start=True, under=tracer)
    samples = Samples()
    stop = threading.Event()
    senders = [Sender(service, samples, f"load-{i}", stop, random.Random(chance.random())) for i in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(seconds)
    stop.set()
    for sender in senders:
        sender.join()
        if sender.failure:
            raise sender.failure
    service.kill()
    return senders, trace


def events(trace, data):
    """What of the trace concerns the database and its answers, each with the lines at which it began and ended."""
    call = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>(.*)|(\w+)\((.*))$")
    begun = {}
    found = []
    with open(trace, errors="replace") as lines:
        for number, line in enumerate(lines):
            match = call.match(line.rstrip("\n"))
            if not match:
                continue
            task, resumed, rest, name, arguments = match.groups()
            if resumed:
                began, name, before = begun.pop(task, (None, None, None))
                if began is None:
                    continue
                arguments = before + rest
            else:
                began = number
                if arguments.endswith("<unfinished ...>"):
                    begun[task] = (number, name, arguments[: -len("<unfinished ...>")])
                    continue
            event = parse(name, arguments, began, number, data)
            if event:
                found.append(event)
    # What had begun when the process ended may be done, or not.
    for began, name, arguments in begun.values():
        event = parse(name, arguments + ") = 0", began, 1 << 60, data)
        if event:
            found.append(event)
    return sorted(found, key=lambda event: event.began)


def parse(name, arguments, began, ended, data):
    result = re.search(r"\) += (-?\d+)", arguments)
    ok = bool(result) and int(result.group(1)) >= 0
    target = re.match(r"(\d+)<((?:->|[^<>])*)>", arguments)
    path = unhex(target.group(2)) if target else ""
    if name in ("write", "writev", "sendto", "sendmsg") and path.startswith("TCP"):
        answers = re.search(r'"((?:\\x[0-9a-f]{2})*)', arguments)
        content = unhex_bytes(answers.group(1)) if answers else b""
        return Event("answer", path, content, 0, began, ended, ok) if content.startswith(b"HTTP/1.1 200") else None
    if not path.startswith(data):
        if name.startswith("unlink") or name.startswith("rename"):
            names = [unhex(one) for one in re.findall(r'"((?:\\x[0-9a-f]{2})+)"', arguments)]
            if names and os.path.basename(names[0]) in FILES:
                raise SystemExit(f"{name} of {names[0]} is not followed")
        return None
    if name == "pwrite64":
        match = re.match(r'\d+<[^>]*>, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, (\d+), (\d+)', arguments)
        if not match or match.group(2):
            raise SystemExit(f"a write that was cut short: {arguments[:100]}")
        return Event("write", path, unhex_bytes(match.group(1)), int(match.group(4)), began, ended, ok)
    if name == "ftruncate":
        return Event("truncate", path, b"", int(re.search(r">, (\d+)", arguments).group(1)), began, ended, ok)
    if name in ("fsync", "fdatasync"):
        return Event("sync", path, b"", 0, began, ended, ok)
    return None


def unhex_bytes(text):
    return bytes.fromhex(text.replace("\\x", ""))


def unhex(text):
    return unhex_bytes(text).decode(errors="replace") if text.startswith("\\x") else text


def answered(trace_events, senders):
    """Each batch that was answered, with the line at which its answer began to be written."""
    by_port = {sender.port: sender for sender in senders}
    counts = collections.Counter()
    found = []
    for event in trace_events:
        if event.kind != "answer":
            continue
        port = int(re.search(r"->.*:(\d+)\]$", event.path).group(1))
        sender = by_port.get(port)
        if sender and counts[port] < len(sender.batches):
            found.append((event.began, sender.series, sender.batches[counts[port]]))
            counts[port] += 1
    return found


def check_order(trace_events, answers, wal):
    """Before each answer a sync of the log began after the last write of its values, and ended well."""
    writes = [event for event in trace_events if event.kind == "write" and event.path == wal]
    syncs = [event for event in trace_events if event.kind == "sync" and event.path == wal and event.ok]
    begins = [write.began for write in writes]
    looked_at = 0
    asked = collections.defaultdict(int)  # of each series, the line of the answer before
    for began, series, rows in answers:
        wanted = {struct.pack(">d", value) for value in rows.values()}
        missing = set(wanted)
        last_end = -1
        # Later pages hold the values too; the first that does counts.
        for write in writes[bisect.bisect_left(begins, asked[series]):bisect.bisect_left(begins, began)]:
            seen = {value for value in missing if value in write.data}
            if seen:
                last_end = max(last_end, write.ended)
                missing -= seen
            if not missing:
                break
        asked[series] = began
        # A value may lie across two pages; most do not.
        if len(missing) > max(1, len(wanted) / 10):
            raise SystemExit(f"{len(missing)} of {len(wanted)} values of {series} were answered and not written before")
        if last_end >= 0 and not any(sync.began > last_end and sync.ended < began for sync in syncs):
            raise SystemExit(f"an answer for {series} at line {began} of the trace has no sync between its writes and itself")
        looked_at += last_end >= 0
    return looked_at, len(syncs)


class Disk:
    """Files as they are for sure, and changes that may be on the disk or not."""

    def __init__(self, trace_events, before):
        self.events = iter(trace_events)
        self.next = next(self.events, None)
        self.sure = {name: bytearray(before.get(name, b"")) for name in FILES}
        self.pending = {name: [] for name in FILES}
        self.syncs = []

    def advance(self, line):
        """To what had begun, and what had been synced, at a line of the trace."""
        while self.next and self.next.began <= line:
            if self.next.kind == "sync":
                self.syncs.append(self.next)
            else:
                self.pending[os.path.basename(self.next.path)].append(self.next)
            self.next = next(self.events, None)
        for sync in [one for one in self.syncs if one.ended <= line]:
            self.syncs.remove(sync)
            if sync.ok:
                name = os.path.basename(sync.path)
                apply(self.sure[name], [one for one in self.pending[name] if one.ended < sync.began])
                self.pending[name] = [one for one in self.pending[name] if one.ended >= sync.began]

    def left(self, choose):
        return {name: apply(bytearray(self.sure[name]), choose(self.pending[name])) for name in FILES}


def apply(content, changes):
    for change in changes:
        if change.kind == "truncate":
            del content[change.offset:]
            content.extend(bytes(change.offset - len(content)))
            continue
        if len(content) < change.offset:
            content.extend(bytes(change.offset - len(content)))
        content[change.offset:change.offset + len(change.data)] = change.data
    return content


def choices(chance):
    """Ways in which changes that were not synced may be left: none, all, some, the first ones, with a torn last one."""

    def some(pending):
        return [one for one in pending if chance.random() < 0.5]

    def first(pending):
        return pending[: chance.randint(0, len(pending))]

    def torn(pending):
        kept = some(pending)
        whole = [one for one in kept if one.kind == "write" and len(one.data) > SECTOR]
        if whole:
            one = chance.choice(whole)
            length = SECTOR * chance.randint(1, len(one.data) // SECTOR)
            kept[kept.index(one)] = one._replace(data=one.data[:length])
        return kept

    return [lambda pending: [], list, some, some, first, torn, torn]


class Loader:
    """The store's own loader in a process of its own."""

    def __init__(self):
        jar = unpacked_jar()
        classpath = os.pathsep.join(["target/test-classes", "target/fast/test", jar, os.path.join(os.path.dirname(jar), "lib", "*")])
        self.process = subprocess.Popen(
            [java(), *QUICK_START, "--enable-native-access=ALL-UNNAMED", "-cp", classpath, "dev.telltale.series.StoredSamples"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def load(self, directory):
        """{(series, time): value}, each once."""
        self.process.stdin.write(directory + "\n")
        self.process.stdin.flush()
        found = {}
        for line in self.process.stdout:
            words = line.split()
            if words == ["end"]:
                return found
            if words[0] == "failed":
                raise SystemExit(f"a state does not open: {line}")
            if len(words) != 3:
                continue
            key = (words[0], int(words[1]))
            if key in found:
                raise SystemExit(f"{key} is there twice")
            found[key] = float(words[2])
        raise SystemExit("the loader ended")

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def check_states(trace_events, answers, senders, before, states, chance):
    interesting = [event for event in trace_events if os.path.basename(event.path) in FILES]
    first = min(event.began for event in interesting)
    last = max(event.began for event in trace_events)
    sent = {(sender.series, at): value for sender in senders for rows in sender.batches for at, value in rows.items()}
    loader = Loader()
    rows = 0
    place = tempfile.mkdtemp(prefix="telltale-states-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    ways = choices(chance)
    lines = sorted(chance.randint(first, last) for _ in range(-(-states // len(ways))))
    made = 0
    disk = Disk(interesting, before)
    for line in lines:
        disk.advance(line)
        acknowledged = {(series, at): value for began, series, batch in answers if began <= line for at, value in batch.items()}
        for choose in ways:
            state = os.path.join(place, str(made))
            os.mkdir(state, 0o700)
            for name, content in disk.left(choose).items():
                with open(os.path.join(state, name), "wb") as file:
                    file.write(content)
            stored = loader.load(state)
            lost = [key for key, value in acknowledged.items() if stored.get(key) != value]
            if lost:
                raise SystemExit(f"after line {line} of the trace {len(lost)} acknowledged samples may be lost: {state}, {lost[0]}")
            strange = [key for key, value in stored.items() if sent.get(key) != value]
            if strange:
                raise SystemExit(f"after line {line} of the trace there may be samples that nobody sent: {state}, {strange[0]}")
            shutil.rmtree(state)
            rows += len(acknowledged)
            made += 1
    loader.close()
    shutil.rmtree(place)
    return made, rows


def main():
    states, seconds = int(sys.argv[1]), float(sys.argv[2])
    started = time.monotonic()
    chance = random.Random(3)
    data = new_data("power")
    Service(data, quick_start=True).stop()  # makes the tables and leaves nothing that is not synced
    before = {}
    for name in FILES:
        if os.path.exists(os.path.join(data, name)):
            with open(os.path.join(data, name), "rb") as file:
                before[name] = file.read()
    senders, trace = record(data, seconds, chance)
    found = events(trace, data)
    answers = answered(found, senders)
    if not answers:
        raise SystemExit(f"the trace shows no answers: {trace}")
    named = [event.ended for event in found if event.kind == "sync" and event.path == data and event.ok]
    if not named or min(named) > answers[0][0]:
        raise SystemExit("the log's name in the directory was not synced before the first answer")
    covered, syncs = check_order(found, answers, os.path.join(data, "telltale.db-wal"))
    if covered < 0.9 * len(answers):
        raise SystemExit(f"only {covered} of {len(answers)} answers were found in the log")
    made, rows = check_states(found, answers, senders, before, states, chance)
    remove(data)
    print(f"{covered} of {len(answers)} answers traced: each after a sync of the log that covers it ({syncs} syncs); {made} states that a"
          f" loss of power may leave: all open, 0 of {rows} samples missing that were acknowledged by then; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
