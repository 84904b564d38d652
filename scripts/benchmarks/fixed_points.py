"""Fixed points of the shipped flip-flops from 1,024 starts: rnnprobe against FixedPointFinder (Torch).

    python scripts/benchmarks/fixed_points.py BINARIES [FIXED_POINT_FINDER]

BINARIES is the folder of rnnprobe's release binaries. FIXED_POINT_FINDER is a checkout of
github.com/mattgolub/fixed-point-finder (it is on no package index); without it rnnprobe is timed alone. Both get
the same starts: recorded states plus Gaussian noise of width 0.5, the width of FixedPointFinder's own example.
Needs torch, numpy, safetensors.
"""

import contextlib
import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
binaries = Path(sys.argv[1]).resolve()
finder = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
if finder:
    sys.path.insert(0, str(finder))
    from FixedPointFinderTorch import FixedPointFinderTorch


def network(name, cell, units):
    weights = load_file(ROOT / f"notebooks-data/models/{name}.safetensors")
    rnn = cell(3, units, batch_first=True)
    rnn.load_state_dict({k[4:]: torch.tensor(v) for k, v in weights.items() if k.startswith("rnn.")})
    return rnn


def starts(rnn, units, count=1024):
    random = np.random.default_rng(0)
    pulses = np.zeros((128, 64, 3), np.float32)
    at = random.random(pulses.shape) < 0.2
    at[:, 0] = True
    pulses[at] = random.choice([-1, 1], at.sum())
    with torch.no_grad():
        states = rnn(torch.tensor(pulses))[0].reshape(-1, units).numpy()
    chosen = states[random.integers(0, len(states), count)]
    return (chosen + 0.5 * random.standard_normal(chosen.shape)).astype(np.float32)


for name, cell, units in (("flipflop-elman", torch.nn.RNN, 64), ("flipflop-gru", torch.nn.GRU, 48)):
    rnn = network(name, cell, units)
    initial = starts(rnn, units)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/starts.safetensors"
        save_file({"starts": initial}, path)
        ours = subprocess.run(
            [binaries / "benchmark", "fixed-points", ROOT / f"notebooks-data/models/{name}.safetensors", path],
            check=True, capture_output=True, text=True).stdout.strip()
    print(f"{name}, rnnprobe: {ours}", flush=True)
    if finder:
        begin = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            search = FixedPointFinderTorch(rnn, verbose=False)
            unique, _ = search.find_fixed_points(initial, np.zeros((1, 3), np.float32))
        seconds = time.perf_counter() - begin
        print(
            f"{name}, FixedPointFinder: {unique.n} 'unique' points, largest q {unique.qstar.max():.1e}; {seconds:.2f} s",
            flush=True)
