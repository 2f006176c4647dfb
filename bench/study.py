"""The study again: see bench/study. Needs the packaged jar under target/ and nothing but Python's library."""

import csv
import datetime
import json
import random
import statistics
import sys
import time

import study_data
from service import Service, new_data, remove

FIRST = study_data.moment("2014-01-01")
STEP = datetime.timedelta(minutes=5)
TRAIN, VALIDATION, TEST = study_data.PARTS
QUANTILE = 0.97
EPOCHS = (1, 2, 3, 5, 20, 35, 45, 50)
STUDY = (.9301, .9235, .9323, 1.0, .3469, .5152)
RECIPE = {
    "windowing": {"length": 1, "stride": 1}, "scaling": {"kind": "min-max", "over": "all"},
    "threshold": {"rule": "quantile", "q": QUANTILE, "of": "train"},
}
TRAINING = {
    "epochs": 50, "batchSize": 32, "learningRate": 0.01, "optimizer": {"kind": "sgd", "momentum": 0.9},
    "earlyStopping": None, "annotated": "include", "annotationSet": "study",
}
SIX = ("", "train accuracy", "validation", "test", "precision", "recall", "F1")
PRESETS = ("base", "dense", "tanh", "dropout")


def figures(service, seeds):
    """The six figures with the study's own split and with splits by chance, for each seed of the weights."""
    rows = study_data.rows()
    upload(service, "by-split", numbered([rows[i] for i in study_data.study_order()]))
    upload(service, "in-order", numbered(rows))
    print("the file's own times:", upload(service, "own-times", rows))
    counts = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
    refused = done(service.call("POST", "/api/v1/models", {"name": "too-large", "series": ["own-times"], **RECIPE,
                                "split": {**counts, "order": "shuffled"}}, {"Prefer": "wait=60"}), 422)
    print(refused["detail"])
    shares = {"train": 0.72, "validation": 0.08, "test": 0.2, "order": "shuffled"}
    for title, series, split in (
            ("the study's split, rows numbered", "by-split", {**counts, "order": "chronological"}),
            ("split by chance, rows numbered", "in-order", {**counts, "order": "shuffled"}),
            ("split by chance, the file's own times", "own-times", shares)):
        print(f"\n{title}")
        table = [("the study", *STUDY)]
        for seed in range(1, seeds + 1):
            model, evaluation = train(service, series, "dropout", split, seed)
            test = evaluation["test"]
            table.append((f"seed {seed}", *six(evaluation), test["averagePrecision"],
                          "{tp} of {0}".format(test["confusionMatrix"]["tp"] + test["confusionMatrix"]["fn"],
                                               **test["confusionMatrix"])))
        table.append(("mean", *means(row[1:8] for row in table[1:])))
        show((*SIX, "average precision", "found"), table)
        if series == "by-split":
            show_errors(service, series, model["name"])


def show_errors(service, series, model):
    """Where the network judges test rows otherwise than a line on the value would, and what it makes of zeros."""
    body = {"series": series, "start": FIRST.isoformat(), "end": (FIRST + (sum(study_data.PARTS) - 1) * STEP).isoformat()}
    status, text = service.call("POST", f"/api/v1/models/{model}/score", body, {"Accept": "text/csv"})
    assert status == 200, text
    rows = [(float(row["value"]), float(row["expected"]), float(row["error"]), row["anomalous"] == "true")
            for row in csv.DictReader(text.splitlines())]
    values, _, errors, _ = zip(*rows)
    line = quantile(values[:TRAIN], QUANTILE)
    print(f"3 % of the training values are above {line / 1e6:.1f} million")
    for value, expected, _, anomalous in sorted(rows[-TEST:]):
        if (value > line) != anomalous:
            print(f"{value / 1e6:.1f} million, expected {expected / 1e6:.1f}:", "reported" if anomalous else "not reported")
    zero = errors[values.index(0)]
    print(f"error of a row of value 0: {zero:.5f}, the line {quantile(errors[:TRAIN], QUANTILE):.5f}; "
          f"{sum(value > 0 and error < zero for value, _, error, _ in rows)} rows above 0 have a smaller one than 0 has")


def presets(service, seeds):
    """The study's four networks on its own split: figures, losses and seconds."""
    rows = study_data.rows()
    upload(service, "by-split", numbered([rows[i] for i in study_data.study_order()]))
    split = {"train": TRAIN, "validation": VALIDATION, "test": TEST, "order": "chronological"}
    worth, losses = [], []
    for preset in PRESETS:
        runs = [train(service, "by-split", preset, split, seed) for seed in range(1, seeds + 1)]
        worth.append((preset, *means(six(evaluation) for _, evaluation in runs),
                      *means([model["trainingSeconds"]] for model, _ in runs)))
        losses.append((preset, *(" ".join(f"{loss:.4f}" for loss in means(
            [evaluation["history"][epoch - 1][part + "Loss"] for part in ("train", "validation", "test")]
            for _, evaluation in runs)) for epoch in EPOCHS)))
    show((*SIX, "seconds"), worth)
    show(("losses after epoch", *map(str, EPOCHS)), losses)


def window(service, seeds):
    """Pointwise and windowed networks against the benchmark's own window, the baselines beside them."""
    rows = study_data.rows()
    upload(service, "own-times", rows)
    start, end = study_data.window()
    annotate(service, "own-times", "nab", [(start, end)])
    inside = [value for time_text, value in rows if start <= study_data.moment(time_text) <= end]
    print(f"rows in the window: {len(inside)}, of them above 0: {sum(value > 0 for value in inside)}")
    split = {"train": 0.35, "validation": 0.15, "test": 0.5, "order": "chronological"}
    for length, presets in ((1, PRESETS), (32, ("base", "dense", "attention"))):
        table = []
        for preset in presets:
            runs = []
            for seed in range(1, seeds + 1):
                runs.append(train(service, "own-times", preset, split, seed, length, "nab"))
            table.append(judged(preset, [evaluation["test"] for _, evaluation in runs])
                         + tuple(means([model["trainingSeconds"]] for model, _ in runs)))
        for number, baseline in enumerate(runs[0][1]["baselines"]):
            table.append(judged(baseline["name"], [evaluation["baselines"][number] for _, evaluation in runs]))
        print(f"\nwindows of {length}, prevalence {runs[0][1]['test']['prevalence']:.4f}")
        show(("", "average precision", "ROC-AUC", "VUS-PR", "precision", "recall", "events", "false alarms per 1,000",
              "seconds"), table)


def judged(name, tests):
    events = " ".join(f"{test['events']['found']}/{test['events']['total']}" for test in tests)
    return (name, *means([test[figure] for figure in ("averagePrecision", "rocAuc", "vusPr", "precision", "recall")]
                         for test in tests),
            events, *means([test["falseAlarmsPer1000"]] for test in tests))


def chance(splits):
    """The figures that a judge of values has, since a pointwise network ranks rows nearly as their values do."""
    values = [value for _, value in study_data.rows()]
    dealer = random.Random(1)
    recalls = []
    for _ in range(splits):
        order = values[:]
        dealer.shuffle(order)
        recalls.append(value_figures(order)[4])
    recalls.sort()
    positives = sum(value > 0 for value in values)
    print(f"{positives} of {len(values)} rows above 0; by arithmetic recall "
          f"{(1 - QUANTILE) * len(values) / positives:.3f}")
    print(f"recall over {splits} splits: mean {statistics.mean(recalls):.3f}, deviation {statistics.stdev(recalls):.3f}, "
          f"5 % below {recalls[splits // 20]:.3f}, 5 % above {recalls[-splits // 20]:.3f}, "
          f"at least the study's: {sum(recall >= STUDY[4] for recall in recalls) / splits:.1%}")
    study = [values[i] for i in study_data.study_order()]
    parts = study[:TRAIN], study[TRAIN:-TEST], study[-TEST:]
    print("rows above 0 in the parts of the study's split:", *(sum(value > 0 for value in part) for part in parts))
    show(SIX, [("the study", *STUDY), ("its split, judged by the value", *value_figures(study))])


def value_figures(values):
    """The six figures of values in the order train, validation, test."""
    line = quantile(values[:TRAIN], QUANTILE)
    parts = values[:TRAIN], values[TRAIN:-TEST], values[-TEST:]
    accuracies = [sum((value > line) == (value > 0) for value in part) / len(part) for part in parts]
    found, there = (sum(value > least for value in parts[2]) for least in (line, 0))
    return (*accuracies, 1.0, found / there, 2 * found / (found + there))


def quantile(values, q):
    ascending = sorted(values)
    place = q * (len(values) - 1)
    below = ascending[int(place)]
    return below + (place - int(place)) * (ascending[int(place) + 1] - below)


def numbered(rows):
    """The rows one step after another, whatever their times: a network that sees one row at a time cannot tell."""
    return [((FIRST + number * STEP).isoformat(), value) for number, (_, value) in enumerate(rows)]


def upload(service, series, rows):
    """The samples, and an annotation in the set `study` for each row above 0."""
    body = "timestamp,value\n" + "".join(f"{moment},{value}\n" for moment, value in rows)
    report = done(service.call("POST", f"/api/v1/series/{series}/samples?duplicates=last", body.encode(),
                               {"Content-Type": "text/csv"}), 200)
    annotate(service, series, "study",
             sorted({(study_data.moment(moment),) * 2 for moment, value in rows if value > 0}))
    return report


def annotate(service, series, name, ranges):
    done(service.call("PUT", f"/api/v1/series/{series}/annotations?set={name}", {"annotations": [
        {"start": start.isoformat(), "end": end.isoformat(), "verdict": "anomalous", "source": "dataset"}
        for start, end in ranges]}), 200)


def train(service, series, preset, split, seed, length=1, annotations="study"):
    """The model and its evaluation, when it is trained; of more than one row by the defaults of the service."""
    name = f"{series}-{preset}-{length}-{annotations}-{split['order']}-{seed}"
    specification = {"name": name, "series": [series], "architecture": {"preset": preset}, "split": split, **RECIPE,
                     "training": {**TRAINING, "seed": seed}}
    if annotations != "study":
        specification["windowing"] = {"length": length, "stride": 1}
        specification["scaling"] = "min-max"
        specification["training"] = {"epochs": 50, "earlyStopping": None, "annotationSet": annotations, "seed": seed}
    job = done(service.call("POST", "/api/v1/models", specification), 202)["id"]
    while True:
        state = done(service.call("GET", f"/api/v1/jobs/{job}"), 200)
        if state["state"] not in ("queued", "running"):
            break
        time.sleep(0.2)
    assert state["state"] == "succeeded", state
    return (done(service.call("GET", f"/api/v1/models/{name}"), 200),
            done(service.call("GET", f"/api/v1/models/{name}/evaluation"), 200))


def six(evaluation):
    last, test = evaluation["history"][-1], evaluation["test"]
    return (last["trainAccuracy"], last["validationAccuracy"], test["accuracy"], test["precision"], test["recall"], test["f1"])


def done(answer, expected):
    status, text = answer
    if status != expected:
        raise SystemExit(f"the service answered {status}: {text[:1000]}")
    return json.loads(text)


def means(runs):
    return [statistics.mean(column) for column in zip(*runs)]


def show(header, rows):
    """A table in Markdown."""
    print("| " + " | ".join(header) + " |\n|" + " --- |" * len(header))
    for row in rows:
        cells = [f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row]
        print("| " + " | ".join(cells + [""] * (len(header) - len(cells))) + " |")
    sys.stdout.flush()


def main():
    what = sys.argv[1]
    if what == "chance":
        chance(2_000)
        return
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    data = new_data("study")
    service = Service(data)
    {"figures": figures, "presets": presets, "window": window}[what](service, seeds)
    service.stop()
    remove(data)


if __name__ == "__main__":
    main()
