"""Memory of many models and of many trainings: see bench/leaks. Needs the packaged jar under target/, a JDK with jcmd,
and nothing but Python's library."""

import http.client
import math
import re
import sys

from service import Service, new_data, remove

FIRST_MOMENT = 1_700_000_000_000
STEP = 60_000
WAIT = {"Prefer": "wait=60"}


def metric(service, name):
    text = service.call("GET", "/actuator/prometheus")[1]
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? ([^ \n]+)", text, re.MULTILINE))


def train(service, name, epochs):
    specification = {"name": name, "series": ["waves"], "windowing": {"length": 8},
                     "training": {"epochs": epochs, "earlyStopping": None}}
    status, answer = service.call("POST", "/api/v1/models", specification, WAIT)
    assert status == 201, answer


def many_models(service, count):
    train(service, "first", 50)
    exported = fetch(service, "/api/v1/models/first/artifact")
    rows = {"series": "waves", "start": FIRST_MOMENT, "end": FIRST_MOMENT + 50 * STEP}
    assert service.call("POST", "/api/v1/models/first/score", rows)[0] == 200
    heap, resident = service.live_heap_megabytes(), service.resident_megabytes()
    for i in range(count):
        status, answer = service.call(
            "PUT", f"/api/v1/models/copy-{i}/artifact", exported, {"Content-Type": "application/octet-stream"})
        assert status == 201, answer
        status, answer = service.call("POST", f"/api/v1/models/copy-{i}/score", rows)
        assert status == 200, answer
    loaded = metric(service, "telltale_models_loaded")
    print(f"{loaded:.0f} models loaded: {service.live_heap_megabytes() - heap:.0f} MB of live heap more, "
          f"resident {resident:.0f} MB before and {service.resident_megabytes():.0f} MB after", flush=True)
    for i in range(count):
        assert service.call("DELETE", f"/api/v1/models/copy-{i}")[0] == 204


def fetch(service, path):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.request("GET", path)
    content = connection.getresponse().read()
    connection.close()
    return content


def many_trainings(service, count):
    resident = {}
    arrays = {}
    for i in range(1, count + 1):
        train(service, "again", 2)
        assert service.call("DELETE", "/api/v1/models/again")[0] == 204
        if i in (1, count // 5, count):
            service.live_heap_megabytes()
            resident[i], arrays[i] = service.resident_megabytes(), metric(service, "telltale_native_arrays")
    early = count // 5
    print(f"{count} trainings: native arrays {arrays[1]:.0f} after the first and {arrays[count]:.0f} after the last; "
          f"resident {resident[early]:.0f} MB after {early} and {resident[count]:.0f} MB after the last "
          f"({(resident[count] / resident[early] - 1) * 100:+.1f} %)")


def main():
    data = new_data("leaks")
    service = Service(data)
    rows = [{"timestamp": FIRST_MOMENT + i * STEP, "value": 100 + 10 * math.sin(i / 9)} for i in range(2000)]
    assert service.call("POST", "/api/v1/series/waves/samples", {"samples": rows})[0] == 200
    many_models(service, int(sys.argv[1]))
    many_trainings(service, int(sys.argv[2]))
    service.stop()
    remove(data)


if __name__ == "__main__":
    main()
