"""Memory that series take in a process: see bench/series-memory."""

import sys

from acknowledged import FIRST_MOMENT, write_request
from service import Service, new_data, remove

AT_ONCE = 1_000  # in a request
HEADERS = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}


def main():
    count = int(sys.argv[1])
    data = new_data("series-memory")
    service = Service(data, heap="2g", settings=[f"--telltale.store.series-limit={count}", "--telltale.ingest.oldest=0"])
    before, resident = service.live_heap_megabytes(), service.resident_megabytes()
    for first in range(0, count, AT_ONCE):
        names = [f"node-{number}.example.internal:9100" for number in range(first, min(count, first + AT_ONCE))]
        body = write_request({name: {FIRST_MOMENT: 1.0} for name in names})
        status, answer = service.call("POST", "/api/v1/ingest/prometheus/write", body, HEADERS)
        if status != 204:
            raise SystemExit(f"a push was answered {status}: {answer}")
    heap = service.live_heap_megabytes() - before
    print(f"{count:,} series with one sample each: {heap:.0f} MB of live heap more, {heap * 2**20 / count:,.0f} bytes each; "
          f"resident memory {resident:.0f} MB before, {service.resident_megabytes():.0f} MB after")
    service.stop()
    remove(data)


if __name__ == "__main__":
    main()
