"""What a service has acknowledged, and whether it is all there: for the scripts that end or disturb it."""

import csv
import datetime
import json
import struct
import threading

FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000


class Samples:
    """Samples by series, as {time: value}."""

    def __init__(self):
        self.acknowledged = {}
        self.unanswered = {}  # may be stored: the service could not say so, or could not be sure
        self.next_row = {}
        self.checked_rows = {}  # of each series so many were found at an earlier check
        self.lock = threading.Lock()

    def next(self, series, count, chance):
        """The next samples of a series, for one sender."""
        with self.lock:
            first = self.next_row.get(series, 0)
            self.next_row[series] = first + count
        return {FIRST_MOMENT + (first + i) * STEP: round(chance.gauss(100, 10), 6) for i in range(count)}

    def acknowledge(self, series, rows):
        with self.lock:
            self.acknowledged.setdefault(series, {}).update(rows)

    def doubt(self, series, rows):
        with self.lock:
            self.unanswered.setdefault(series, {}).update(rows)

    def count(self):
        return sum(len(rows) for rows in self.acknowledged.values())

    def upload(self, service, series, rows):
        """Status and text of the answer; no answer raises OSError, and either is kept in mind."""
        samples = [{"timestamp": moment, "value": value} for moment, value in rows.items()]
        try:
            status, answer = service.call("POST", f"/api/v1/series/{series}/samples", {"samples": samples})
        except OSError:
            self.doubt(series, rows)
            raise
        if status == 200:
            self.acknowledge(series, rows)
        else:
            self.doubt(series, rows)
        return status, answer

    def check(self, service, all_of_them=True):
        """Compares what is stored, or what came since the last check, with what was acknowledged.

        Returns how many samples are stored of those that were looked at."""
        found = 0
        for series in list(self.next_row):
            first = 0 if all_of_them else self.checked_rows.get(series, 0)
            start = FIRST_MOMENT + first * STEP
            status, answer = service.call(
                "GET", f"/api/v1/series/{series}/samples?start={start}", headers={"Accept": "text/csv"})
            if status == 404 and series not in self.acknowledged:
                continue
            if status != 200:
                raise SystemExit(f"{series} answered {status}: {answer[:500]}")
            rows = [(moment(row["timestamp"]), float(row["value"])) for row in csv.DictReader(answer.splitlines())]
            found += len(rows)
            self.compare(series, rows, start)
            self.checked_rows[series] = self.next_row[series]
        return found

    def compare(self, series, rows, start=0):
        """@param rows stored samples as (time, value)"""
        stored = dict(rows)
        if len(stored) != len(rows):
            raise SystemExit(f"{series} holds {len(rows) - len(stored)} samples twice")
        acknowledged = self.acknowledged.get(series, {})
        lost = [at for at, value in acknowledged.items() if at >= start and stored.get(at) != value]
        if lost:
            raise SystemExit(f"{series} lost {len(lost)} acknowledged samples, the first at {min(lost)}")
        maybe = self.unanswered.get(series, {})
        invented = [at for at, value in stored.items() if value not in (acknowledged.get(at), maybe.get(at))]
        if invented:
            raise SystemExit(f"{series} has {len(invented)} samples that nobody sent")


def moment(text):
    if text.lstrip("-").isdigit():
        return int(text)
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def remote_write(service, series, rows):
    """Sends samples of one series by remote write 1.0; status and text of the answer."""
    label = field(1, field(1, b"__name__") + field(2, series.encode()))
    samples = b"".join(
        field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(at)) for at, value in rows.items())
    return service.call(
        "POST", "/api/v1/ingest/prometheus/write", snappy(field(1, label + samples)),
        {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})


def write_request(rows_of):
    """A body of remote write 1.0: several series named `pushed`, as {instance: {time: value}}."""
    message = b""
    for series, rows in rows_of.items():
        label = field(1, field(1, b"__name__") + field(2, b"pushed")) + field(1, field(1, b"instance") + field(2, series.encode()))
        samples = b"".join(field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(at)) for at, value in rows.items())
        message += field(1, label + samples)
    return snappy(message)


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, content):
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def snappy(data):
    """A block of literals only."""
    out = bytearray(varint(len(data)))
    for at in range(0, len(data), 65536):
        piece = data[at:at + 65536]
        out += bytes([61 << 2]) + struct.pack("<H", len(piece) - 1) + piece
    return bytes(out)


def ended_job(service, job):
    """The job if it has ended."""
    status, answer = service.call("GET", f"/api/v1/jobs/{job}")
    if status != 200:
        raise SystemExit(f"job {job} answered {status}: {answer[:500]}")
    state = json.loads(answer)
    return state if state["state"] in ("succeeded", "failed", "cancelled") else None
