"""Bodies that inflate: see bench/release/bombs. Needs the packaged jar under target/, a JDK with jcmd, and nothing but
Python's library."""

import collections
import http.client
import sys
import threading
import zlib

from acknowledged import varint
from leaks import metric
from service import Service, new_data, remove

CALLERS = 8
INFLATED_BYTES = 10 << 30
JSON = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
CSV = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
SNAPPY = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
MOST_CPU_SECONDS = 0.05


def bomb():
    """The first part of a gzip stream of 10 GiB of spaces: as much of it as any route may read."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    spaces = b" " * (1 << 20)
    packed = bytearray()
    for _ in range(INFLATED_BYTES >> 20):
        packed += packer.compress(spaces)
        if len(packed) > 4 << 20:
            break
    return bytes(packed)


def requests():
    packed = bomb()
    small = packed[:10_000]
    return [
        ("POST", "/api/v1/models", small, JSON),
        ("POST", "/api/v1/models", packed, JSON),
        ("POST", "/api/v1/series/bombed/samples", packed, CSV),
        ("POST", "/api/v1/series/bombed/samples", packed, JSON),
        ("POST", "/api/v1/uploads", packed, CSV),
        ("POST", "/api/v1/summaries", packed, CSV),
        ("POST", "/v1/metrics", packed, JSON),
        ("POST", "/api/v1/ingest/prometheus/write", varint((2 << 30) - 1) + b"\xfe\x01\x00" * 3000, SNAPPY),
    ]


class Caller(threading.Thread):

    def __init__(self, port, bombs, answers):
        super().__init__()
        self.port, self.bombs, self.answers = port, bombs, answers

    def run(self):
        for method, path, body, headers in self.bombs:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request(method, path, body, headers)
                self.answers[connection.getresponse().status] += 1
            except OSError:
                self.answers["cut"] += 1  # it had heard enough before all was sent
            finally:
                connection.close()


def main():
    count = int(sys.argv[1])
    data = new_data("bombs")
    service = Service(data, options=["-Dtelltale.access.rate.requests=0"])
    kinds = requests()
    warm = collections.Counter()
    Caller(service.port, kinds * 3, warm).run()
    heap, cpu = service.live_heap_megabytes(), service.cpu_seconds()
    allocated = metric(service, "jvm_gc_memory_allocated_bytes_total")
    answers = collections.Counter()
    bombs = [kinds[i % len(kinds)] for i in range(count)]
    callers = [Caller(service.port, bombs[i::CALLERS], answers) for i in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    cpu = (service.cpu_seconds() - cpu) / count
    after = service.live_heap_megabytes()
    allocated = (metric(service, "jvm_gc_memory_allocated_bytes_total") - allocated) / count / 1024
    ready = service.call("GET", "/actuator/health/readiness")[0]
    service.stop()
    remove(data)
    print(f"{count} bombs, {CALLERS} at once, with 512 MB of heap: answered {dict(answers)}; {cpu * 1e3:.1f} ms of CPU and"
          f" {allocated:.0f} KiB allocated for each, live heap {heap:.1f} MB before and {after:.1f} MB after, readiness {ready}")
    if set(answers) - {413, "cut"} or ready != 200 or cpu > MOST_CPU_SECONDS:
        raise SystemExit("a bomb was not refused, or cost too much")


if __name__ == "__main__":
    main()
