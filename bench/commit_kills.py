"""Kills at system calls of a commit: see bench/release/commit-kills."""

import collections
import random
import re
import sys
import threading
import time

from acknowledged import Samples
from faults import Tracer, await_true
from service import Service, new_data, remove

WRITER = "database-writer"


def calls_of_a_commit(service, samples, chance):
    """How many system calls the writer makes for one upload."""
    samples.upload(service, "load-0", samples.next("load-0", 200, chance))
    tracer = Tracer(service.thread(WRITER), "all")
    samples.upload(service, "load-0", samples.next("load-0", 200, chance))
    tracer.detach()
    return sum(bool(re.match(r"\d+\.\d+ \w+\(", line)) for line in tracer.lines)


def upload_until_killed(service, samples, series, sizes, chance):
    try:
        while True:
            status, answer = samples.upload(service, series, samples.next(series, chance.choice(sizes), chance))
            if status != 200:
                raise SystemExit(f"an upload was answered {status}: {answer}")
    except OSError:
        pass


def main():
    positions = int(sys.argv[1])
    started = time.monotonic()
    data = new_data("commit-kills")
    chance = random.Random(11)
    samples = Samples()
    killed_at = collections.Counter()
    service = Service(data, quick_start=True)
    calls = calls_of_a_commit(service, samples, chance)
    # All of the first commits after a start, or as many of them as are wanted.
    chosen = range(1, positions + 1) if positions >= 2 * calls else sorted(chance.sample(range(1, 2 * calls + 1), positions))
    for position in chosen:
        tracer = Tracer(service.thread(WRITER), "all", [f"all:signal=KILL:when={position}"])
        senders = [
            threading.Thread(target=upload_until_killed, args=(service, samples, f"load-{i}", sizes, random.Random(chance.random())))
            for i, sizes in enumerate([[200], [200, 5000]])
        ]
        for sender in senders:
            sender.start()
        await_true(lambda: service.process.poll() is not None, 60, f"the end at call {position}")
        for sender in senders:
            sender.join()
        tracer.detach()
        last = [re.match(r"\d+\.\d+ (\w+)\(", line) for line in tracer.lines]
        killed_at[next((call.group(1) for call in reversed(last) if call), "?")] += 1
        service.kill()
        service = Service(data, quick_start=True)
        samples.check(service, all_of_them=False)
    samples.check(service)
    service.kill()
    remove(data)
    kinds = ", ".join(f"{count} {call}" for call, count in sorted(killed_at.items()))
    print(f"{len(chosen)} kills at system calls {chosen[0]} to {chosen[-1]} of the writer ({calls} make a commit; {kinds}): 0 of"
          f" {samples.count()} acknowledged samples lost, none twice, 0 failed starts; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
