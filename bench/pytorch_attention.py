"""The work of AttentionBenchmark in PyTorch eager, in double precision: 512 rows of 64 columns, all steps kept.

Prints the same lines: a name and a figure. One thread, Debian's python3-torch.
"""

import statistics
import time

import torch
from torch.nn.functional import linear

ROWS, SIZE, CALLS = 512, 64, 100


def attend(x, weights, biases, heads):
    q, k, v = (linear(x, weights[i], biases[i]) for i in range(3))
    query, key, value = (rows.view(ROWS, heads, SIZE // heads).transpose(0, 1) for rows in (q, k, v))
    scores = (query / (SIZE // heads) ** 0.5) @ key.transpose(1, 2)
    shares = scores.softmax(-1)
    context = (shares @ value).transpose(0, 1).reshape(ROWS, SIZE)
    z = linear(context, weights[3], biases[3]).relu()
    return q, k, v, scores, shares, context, z


def milliseconds(heads):
    x = torch.randn(ROWS, SIZE, dtype=torch.float64)
    weights = [torch.randn(SIZE, SIZE, dtype=torch.float64) / 8 for _ in range(4)]
    biases = [torch.randn(SIZE, dtype=torch.float64) / 8 for _ in range(4)]
    times = []
    for call in range(2 * CALLS):
        start = time.perf_counter()
        kept = attend(x, weights, biases, heads)
        del kept
        if call >= CALLS:
            times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


torch.set_num_threads(1)
torch.set_grad_enabled(False)
torch.manual_seed(42)
for heads in (8, 1):
    print(f"heads-{heads}-ms", milliseconds(heads))
