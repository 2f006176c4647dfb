"""Writes pytorch.json: what PyTorch's own multi-head attention makes of a few inputs, in double precision.

Made with Debian's python3-torch 1.13: /usr/bin/python3 pytorch.py > pytorch.json
"""

import json

import torch

SIZE = 4


def case(rows, heads, bias, mask, scale=1.0):
    attention = torch.nn.MultiheadAttention(SIZE, heads, bias=bias, batch_first=True, dtype=torch.float64)
    for parameter in attention.parameters():
        torch.nn.init.uniform_(parameter, -scale, scale)
    x = torch.randn(rows, SIZE, dtype=torch.float64)
    z, weights = attention(
        x, x, x, attn_mask=None if mask is None else ~mask, need_weights=True, average_attn_weights=False
    )
    wq, wk, wv = attention.in_proj_weight.chunk(3)
    given = {"wq": wq.T, "wk": wk.T, "wv": wv.T, "wo": attention.out_proj.weight.T}
    if bias:
        bq, bk, bv = attention.in_proj_bias.chunk(3)
        given |= {"bq": bq, "bk": bk, "bv": bv, "bo": attention.out_proj.bias}
    request = {"x": x.tolist(), "weights": {name: matrix.tolist() for name, matrix in given.items()}, "heads": heads}
    if mask is not None:
        request["mask"] = mask.tolist()
    return {"request": request, "weights": weights.tolist(), "z": z.tolist()}


torch.manual_seed(42)
band = torch.tensor([[abs(i - j) < 2 for j in range(5)] for i in range(5)])
causal = torch.ones(6, 6, dtype=torch.bool).tril()
with torch.no_grad():
    cases = [
        case(3, 1, False, None),
        case(6, 2, True, None),
        case(5, 4, True, band),
        case(6, 2, True, causal),
        case(4, 1, True, None, scale=40.0),  # scores of thousands
    ]
print("[" + ",\n".join(json.dumps(one) for one in cases) + "]")
