"""Overload: see bench/release/overload. Needs the packaged jar under target/ and nothing but Python's library. Callers and
service have half of the machine's cores each; how busy the callers keep theirs is printed."""

import asyncio
import collections
import json
import math
import resource
import sys
import time

from leaks import FIRST_MOMENT, STEP, train
from service import Service, new_data, remove, share_cores

CLOSED_LOOP_CALLERS = 4
OVERLOAD = 5
SETTLED = 0.8
HEALTH_PER_SECOND = 10
ROWS = 6_000
LONGEST_RECOVERY_SECONDS = 5
LEAST_OF_PEAK = 0.9
MOST_TIMES_SETTLED = 2
LONGEST_REFUSAL_SECONDS = 0.05
LONGEST_HEALTH_SECONDS = 0.1


def request(path, body, content_type):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode() + body


def scoring():
    asked = {"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + ROWS * STEP}
    return request("/api/v1/models/scorer/score", json.dumps(asked).encode(), "application/json")


def pushing():
    now = int(time.time()) * 10**9
    points = [{"timeUnixNano": str(now - i * 10**9), "asDouble": i, "attributes": [
        {"key": "n", "value": {"stringValue": str(i % 50)}}]} for i in range(2_000)]
    export = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "pushed", "gauge": {"dataPoints": points}}]}]}]}
    return request("/v1/metrics", json.dumps(export).encode(), "application/json")


HEALTH = b"GET /actuator/health/readiness HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Client:
    """Kept connections, as many as are needed at once."""

    def __init__(self, port):
        self.port = port
        self.idle = []

    async def ask(self, data):
        """Status, Retry-After and seconds."""
        began = time.monotonic()
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head[9:12])
        if "transfer-encoding: chunked" in head:
            while True:
                size = int(await reader.readuntil(b"\r\n"), 16)
                await reader.readexactly(size + 2)
                if size == 0:
                    break
        elif "content-length: " in head:
            await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
        seconds = time.monotonic() - began
        if "connection: close" in head:
            writer.close()
        else:
            self.idle.append((reader, writer))
        return status, "retry-after: " in head, seconds


class Seen:

    def __init__(self):
        self.statuses = collections.Counter()
        self.accepted = []
        self.refused = []
        self.without_time = 0
        self.broken = 0

    async def ask(self, client, data):
        try:
            status, has_time, seconds = await client.ask(data)
        except (OSError, asyncio.IncompleteReadError):
            self.broken += 1
            return
        self.statuses[status] += 1
        if status < 300:
            self.accepted.append(seconds)
        else:
            self.refused.append(seconds)
            self.without_time += not has_time


def p99(seconds):
    return sorted(seconds)[len(seconds) * 99 // 100] if seconds else 0.0


async def closed_loop(client, data, seconds):
    """Answers per second of a few callers who each ask again when they are answered."""
    seen = Seen()
    end = time.monotonic() + seconds

    async def caller():
        while time.monotonic() < end:
            await seen.ask(client, data)

    await asyncio.gather(*(caller() for _ in range(CLOSED_LOOP_CALLERS)))
    return len(seen.accepted) / seconds


async def open_loop(client, data, rate, seconds):
    """What is seen of requests that come at a rate, whatever becomes of those before."""
    seen, health = Seen(), Seen()
    began = time.monotonic()
    under_way = set()

    async def look():
        while time.monotonic() < began + seconds:
            await health.ask(client, HEALTH)
            await asyncio.sleep(1 / HEALTH_PER_SECOND)

    looking = asyncio.create_task(look())
    for number in range(int(rate * seconds)):
        wait = began + number / rate - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        elif number % 20 == 0:
            await asyncio.sleep(0)
        task = asyncio.create_task(seen.ask(client, data))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    took = time.monotonic() - began
    await asyncio.gather(*under_way, looking)
    return seen, health, took


async def recovery(client, data, usual):
    """Seconds after the overload until requests are answered as fast as before it."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        status, _, seconds = await client.ask(data)
        if status < 300 and seconds <= 2 * usual:
            break
    return time.monotonic() - began


async def measure(name, client, data, seconds):
    await closed_loop(client, data, 10)
    await open_loop(client, data, OVERLOAD * await closed_loop(client, data, 10), 20)  # what refuses is compiled too
    peak = await closed_loop(client, data, max(10, seconds / 10))
    before, _, _ = await open_loop(client, data, SETTLED * peak, max(20, seconds / 10))
    own = resource.getrusage(resource.RUSAGE_SELF)
    seen, health, took = await open_loop(client, data, OVERLOAD * peak, seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    recovered = await recovery(client, data, p99(before.accepted))
    own_cores = (after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime) / took
    asked = sum(seen.statuses.values()) / took
    goodput = len(seen.accepted) / took
    print(f"{name}: peak {peak:.0f}/s; {asked:.0f}/s asked for {took:.0f} s ({asked / peak:.1f} times as much):"
          f" {goodput:.0f}/s answered ({goodput / peak * 100:.0f} %), statuses {dict(seen.statuses)},"
          f" {seen.without_time} refusals without Retry-After, {seen.broken} broken; accepted p99"
          f" {p99(seen.accepted) * 1e3:.0f} ms after {p99(before.accepted) * 1e3:.0f} ms at {SETTLED:.0%} load, refused p99"
          f" {p99(seen.refused) * 1e3:.0f} ms, health p99 {p99(health.accepted) * 1e3:.0f} ms ({dict(health.statuses)});"
          f" recovered after {recovered:.1f} s; the callers took {own_cores:.2f} cores", flush=True)
    sound = not seen.without_time and not seen.broken and set(seen.statuses) <= {200, 503, 429}
    sound = sound and set(health.statuses) == {200} and recovered <= LONGEST_RECOVERY_SECONDS
    return (sound and goodput >= LEAST_OF_PEAK * peak and p99(seen.accepted) <= MOST_TIMES_SETTLED * p99(before.accepted)
            and p99(seen.refused) <= LONGEST_REFUSAL_SECONDS and p99(health.accepted) <= LONGEST_HEALTH_SECONDS)


async def both(port, seconds):
    client = Client(port)
    scored = await measure("scoring", client, scoring(), seconds)
    pushed = await measure("pushing", client, pushing(), seconds)
    return scored and pushed


def main():
    data = new_data("overload")
    service = Service(data, options=["-Dtelltale.access.rate.requests=0"], cores=share_cores())
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(ROWS)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    train(service, "scorer", 2)
    sound = asyncio.run(both(service.port, float(sys.argv[1])))
    service.stop()
    remove(data)
    if not sound:
        raise SystemExit("an overload was not answered as it should be")


if __name__ == "__main__":
    main()
