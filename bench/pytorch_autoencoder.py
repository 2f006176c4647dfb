"""The work of AutoencoderBenchmark in PyTorch eager: one training step of `base`, scoring with `dense` and `tanh`.

Prints the same lines: a name and a figure. One thread, Debian's python3-torch.
"""

import time

import torch
from torch import nn

STEPS = 3_000
BATCH = 32
WINDOWS = 4_096


def layers(widths, activation=nn.ReLU):
    parts = []
    for inputs, outputs in zip(widths, widths[1:]):
        parts += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*parts[:-1], nn.Sigmoid())


def training_step_microseconds():
    """As our loop: shuffled whole tensors sliced by batch, loss of each batch read."""
    network = layers([1, 32, 16, 32, 1])
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    loss_of = nn.MSELoss()
    windows = torch.rand(WINDOWS, 1)
    losses, done, start = 0.0, -STEPS // 4, time.perf_counter()
    while done < STEPS:
        order = torch.randperm(WINDOWS)
        shuffled = windows[order]
        for begin in range(0, WINDOWS, BATCH):
            if done == 0:
                start = time.perf_counter()
            batch = shuffled[begin : begin + BATCH]
            optimizer.zero_grad()
            loss = loss_of(network(batch), batch)
            loss.backward()
            optimizer.step()
            losses += loss.item()
            done += 1
            if done == STEPS:
                break
    return (time.perf_counter() - start) / STEPS * 1e6


def rows_per_second(network, rows, calls):
    windows = torch.rand(rows, 1)
    with torch.no_grad():
        for _ in range(max(1, calls // 4)):
            network(windows).numpy()
        start = time.perf_counter()
        for _ in range(calls):
            network(windows).numpy()
        return rows * calls / (time.perf_counter() - start)


torch.set_num_threads(1)
torch.manual_seed(42)
WIDTHS = [1, 256, 128, 64, 128, 256, 1]
dense = layers(WIDTHS).eval()
print("training-step-us", training_step_microseconds())
print("rows-per-second-of-100000", rows_per_second(dense, 100_000, 2))
print("rows-per-second-of-1000", rows_per_second(dense, 1_000, 200))
print("one-row-us", 1e6 / rows_per_second(dense, 1, 500))
print("tanh-rows-per-second-of-1000", rows_per_second(layers(WIDTHS, nn.Tanh).eval(), 1_000, 200))
