"""The data of the study and its split, with Python's library alone."""

import csv
import datetime
import json
import math
import os
import random

NAME = "realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv"
PARTS = (3405, 379, 946)  # rows that train, validate and test
SPLIT_SEED = 42


def nab():
    return os.path.join(os.environ["TELLTALE_CORPORA"], "nab")


def rows():
    """Time and value as the file writes them, in its order."""
    with open(os.path.join(nab(), "data", NAME)) as file:
        return [(row["timestamp"], float(row["value"])) for row in csv.DictReader(file)]


def window():
    """First and last moment that the benchmark calls anomalous."""
    with open(os.path.join(nab(), "labels", "combined_windows.json")) as file:
        ((start, end),) = json.load(file)[NAME]
    return moment(start), moment(end)


def moment(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)


def study_order():
    """Numbers of the rows in the order train, validation, test: as scikit-learn's `train_test_split` divides them
    with `random_state=42`, a fifth to test, then a tenth of the rest to validate."""
    rest, test = divided(sum(PARTS), 0.2)
    train, validation = divided(len(rest), 0.1)
    return [rest[i] for i in train] + [rest[i] for i in validation] + test


def divided(count, share):
    order = permutation(count, SPLIT_SEED)
    test = math.ceil(count * share)
    return order[test:], order[:test]


def permutation(count, seed):
    """As `numpy.random.RandomState(seed).permutation(count)`."""
    state = [seed]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + i) & 0xFFFFFFFF)
    twister = random.Random()
    twister.setstate((3, (*state, 624), None))
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        bits = i.bit_length()
        while (j := twister.getrandbits(32) & (1 << bits) - 1) > i:
            pass
        order[i], order[j] = order[j], order[i]
    return order
