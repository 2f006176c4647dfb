"""The study's recipe in PyTorch, without anything of the service: see bench/study, which calls it with `pytorch`.

Needs Debian's python3-torch.
"""

import sys

import numpy
import torch
from torch import nn

import study_data

EPOCHS, BATCH, QUANTILE = 50, 32, 0.97


def network():
    return nn.Sequential(
        nn.Linear(1, 256), nn.Tanh(), nn.Dropout(0.2), nn.Linear(256, 128), nn.Tanh(), nn.Linear(128, 64), nn.Tanh(),
        nn.Linear(64, 128), nn.Tanh(), nn.Linear(128, 256), nn.Tanh(), nn.Dropout(0.2), nn.Linear(256, 1), nn.Sigmoid())


def figures(values, order, seed):
    """Accuracies of the three parts, then precision, recall and F1 of the last."""
    torch.manual_seed(seed)
    scaled = torch.tensor((values - values.min()) / (values.max() - values.min()), dtype=torch.float32)[:, None]
    parts = numpy.split(numpy.array(order), numpy.cumsum(study_data.PARTS)[:-1])
    rows = scaled[parts[0]]
    trained, loss_of = network(), nn.MSELoss()
    optimizer = torch.optim.SGD(trained.parameters(), lr=0.01, momentum=0.9)
    for _ in range(EPOCHS):
        shuffled = rows[torch.randperm(len(rows))]
        for begin in range(0, len(rows), BATCH):
            batch = shuffled[begin : begin + BATCH]
            optimizer.zero_grad()
            loss_of(trained(batch), batch).backward()
            optimizer.step()
    trained.eval()
    with torch.no_grad():
        errors = ((trained(scaled) - scaled) ** 2).numpy()[:, 0]
    reported = errors > numpy.quantile(errors[parts[0]], QUANTILE)
    anomalous = values > 0
    accuracies = [numpy.mean(reported[part] == anomalous[part]) for part in parts]
    test = parts[2]
    tp = numpy.sum(reported[test] & anomalous[test])
    return [*accuracies, tp / numpy.sum(reported[test]), tp / numpy.sum(anomalous[test]),
            2 * tp / (numpy.sum(reported[test]) + numpy.sum(anomalous[test]))]


def main():
    values = numpy.array([value for _, value in study_data.rows()])
    torch.set_num_threads(1)
    splits = {"the study's split": lambda seed: study_data.study_order(),
              "split by chance": lambda seed: numpy.random.RandomState(seed).permutation(len(values))}
    print("train, validation and test accuracy, precision, recall, F1")
    for split, order in splits.items():
        runs = []
        for seed in range(1, int(sys.argv[1]) + 1):
            runs.append(figures(values, order(seed), seed))
            print(f"{split}, seed {seed}:", *(f"{figure:.4f}" for figure in runs[-1]), flush=True)
        for name, of in ("mean", numpy.mean), ("least", numpy.min), ("most", numpy.max):
            print(f"{split}, {name}:", *(f"{figure:.4f}" for figure in of(runs, axis=0)))


if __name__ == "__main__":
    main()
