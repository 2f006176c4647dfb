"""Slow callers: see bench/release/slow-clients. Needs the packaged jar under target/ and nothing but Python's library. Callers
and service have half of the machine's cores each."""

import asyncio
import http.client
import socket
import sys
import threading
import time

from service import Service, new_data, remove, share_cores

ROWS = 300_000
FIRST_MOMENT = 1_600_000_000_000
SECONDS_BETWEEN_BYTES = 2
LONGEST_SECONDS = 30
GOOD_PER_SECOND = 50
MOST_SLOWER = 1.2

HEAD = b"GET /api/v1/series HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (b"POST /api/v1/series/slow/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
        b"Content-Length: 1000000\r\n\r\ntimestamp,value\n")
READ = b"GET /api/v1/series/long/samples HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Good(threading.Thread):
    """Reads and writes at a steady rate over one connection, as long as it may."""

    def __init__(self, port):
        super().__init__()
        self.port = port
        self.stop = threading.Event()
        self.seconds = []
        self.faults = []

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        due = time.monotonic()
        number = 0
        while not self.stop.is_set():
            time.sleep(max(0, due - time.monotonic()))
            due += 1 / GOOD_PER_SECOND
            number += 1
            began = time.monotonic()
            try:
                if number % 2:
                    connection.request("GET", "/api/v1/series?limit=10")
                else:
                    body = f"timestamp,value\n{FIRST_MOMENT + number * 1000},1\n"
                    connection.request("POST", "/api/v1/series/good/samples?replace=true", body, {"Content-Type": "text/csv"})
                answer = connection.getresponse()
                text = answer.read()
                if answer.status != 200:
                    self.faults.append(f"{answer.status} {text[:200]}")
            except (OSError, http.client.HTTPException) as broken:
                self.faults.append(repr(broken))
                connection.close()
            self.seconds.append(time.monotonic() - began)
        connection.close()

    def p99(self):
        return sorted(self.seconds)[len(self.seconds) * 99 // 100]


def good_while(port, work):
    good = Good(port)
    good.start()
    result = work()
    good.stop.set()
    good.join()
    return good, result


async def slow(port, first, reads):
    """Seconds until the service has cut the connection."""
    loop = asyncio.get_running_loop()
    caller = socket.socket()
    if reads:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    caller.setblocking(False)
    began = time.monotonic()
    try:
        await loop.sock_connect(caller, ("127.0.0.1", port))
        await loop.sock_sendall(caller, first)
        while time.monotonic() - began < 4 * LONGEST_SECONDS:
            if reads:
                await asyncio.sleep(SECONDS_BETWEEN_BYTES)
                # What the kernel holds is read no faster than before; the end shows when the service has closed.
                state = caller.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
                if state != 1 or not await loop.sock_recv(caller, 10):
                    break
                continue
            try:
                if not await asyncio.wait_for(loop.sock_recv(caller, 65536), SECONDS_BETWEEN_BYTES):
                    break
            except TimeoutError:
                await loop.sock_sendall(caller, b"x")
    except OSError:
        pass
    finally:
        caller.close()
    return time.monotonic() - began


async def all_slow(port, first, reads, count):
    async def one(number):
        await asyncio.sleep(number / 500)  # 500 connections a second
        return await slow(port, first, reads)
    return await asyncio.gather(*(one(number) for number in range(count)))


def main():
    count = int(sys.argv[1])
    data = new_data("slow")
    service = Service(data, options=["-Dtelltale.access.rate.requests=0"], cores=share_cores())
    csv = "timestamp,value\n" + "".join(f"{FIRST_MOMENT + i * 1000},{i}\n" for i in range(ROWS))
    assert service.call("POST", "/api/v1/series/long/samples", csv.encode(), {"Content-Type": "text/csv"})[0] == 200
    good_while(service.port, lambda: time.sleep(10))  # to warm up
    usual, _ = good_while(service.port, lambda: time.sleep(20))
    said, failed = [], []
    for name, first, reads in (("heads", HEAD, False), ("bodies", BODY, False), ("readers", READ, True)):
        good, seconds = good_while(service.port, lambda: asyncio.run(all_slow(service.port, first, reads, count)))
        said.append(f"{name} cut within {max(seconds):.0f} s, p99 of others {good.p99() * 1e3:.1f} ms")
        failed += good.faults
        if max(seconds) > LONGEST_SECONDS:
            failed.append(f"a connection of slow {name} lived {max(seconds):.0f} s")
        if good.p99() > usual.p99() * MOST_SLOWER:
            failed.append(f"slow {name} made others slower: {good.p99() * 1e3:.1f} after {usual.p99() * 1e3:.1f} ms")
    service.stop()
    remove(data)
    print(f"{count} slow connections of each kind: {'; '.join(said)}; without them {usual.p99() * 1e3:.1f} ms;"
          f" {len(failed)} faults")
    if failed:
        raise SystemExit("\n".join(failed[:10]))


if __name__ == "__main__":
    main()
