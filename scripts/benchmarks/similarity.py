"""Similarity of representations and of weights: rnnprobe against numpy, scipy and netrep, on the same numbers.

    python scripts/benchmarks/similarity.py BINARIES [--threads 2] [--repeats 3] [--networks 40] [--samples 100000]

BINARIES is the folder of rnnprobe's release binaries. Linear CKA of every pair of 40 networks of 128 units at 100,000 samples in
single precision, against numpy's products pair by pair (no Gram matrix, on as many threads), values compared. Procrustes angles
of 12 networks of 64 units at 2,000 samples, against netrep where it can be imported (github.com/ahwillia/netrep, not on PyPI:
PYTHONPATH). Recurrent weights of 128 units with a planted exchange of units, against scipy's quadratic_assignment (FAQ).
Needs numpy, scipy.
"""

import argparse
import itertools
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("binaries", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--networks", type=int, default=40)
parser.add_argument("--samples", type=int, default=100_000)
arguments, _ = parser.parse_known_args()
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(arguments.threads)

import numpy as np  # noqa: E402
from scipy.optimize import quadratic_assignment  # noqa: E402


def ours(command, data, *more):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "numbers"
        data.tofile(file)
        words = [arguments.binaries / "benchmark", command, file, "--threads", arguments.threads, *more]
        text = subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout
    return {
        name: (float(seconds), np.array([float(v) for v in values.split()]))
        for name, seconds, values in re.findall(r"^(\w+): (\S+) s, values (.*)$", text, re.M)
    }


def timed(body, repeats):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = body()
        times.append(time.perf_counter() - begin)
    return statistics.median(times), result


def report(name, mine, peer, theirs):
    print(f"{name}: rnnprobe {mine:.4g} s, {peer} {theirs:.4g} s, {theirs / mine:.1f} times as long", flush=True)


def states(random, networks, samples, units):
    """Networks that share a 12-dimensional signal, each through weights of its own, and have noise of their own."""
    signal = random.standard_normal((samples, 12), dtype=np.float32)
    data = np.empty((networks, samples, units), dtype=np.float32)
    for network in range(networks):
        data[network] = signal @ random.standard_normal((12, units), dtype=np.float32)
        data[network] += random.standard_normal((samples, units), dtype=np.float32)
    return data


def cka(data):
    centred = [network - network.mean(0) for network in data]
    norms = [np.linalg.norm(network.T @ network) for network in centred]
    return np.array([
        np.linalg.norm(centred[a].T @ centred[b]) ** 2 / norms[a] / norms[b]
        for a, b in itertools.combinations(range(len(centred)), 2)
    ])


random = np.random.default_rng(1)
data = states(random, arguments.networks, arguments.samples, 128)
pairs = arguments.networks * (arguments.networks - 1) // 2
mine = ours("similarity", data, "--samples", arguments.samples, "--units", 128, "--repeats", 1)["cka"]
seconds, scores = timed(lambda: cka(data), 1)
report(f"CKA, {pairs} pairs of {arguments.samples} x 128", mine[0], "numpy", seconds)
print(f"  largest difference of a score: {np.abs(scores - mine[1]).max():.1e}")

data = states(random, 12, 2000, 64)
mine = ours("similarity", data, "--samples", 2000, "--units", 64, "--repeats", arguments.repeats)["procrustes"]
try:
    from netrep.metrics import LinearMetric
except ImportError:
    print(f"Procrustes angle, 66 pairs of 2,000 x 64: rnnprobe {mine[0]:.4g} s; netrep cannot be imported")
else:
    metric = LinearMetric(alpha=1.0, center_columns=True, score_method="angular")
    wide = data.astype(np.float64)

    def angles():
        return np.array([
            metric.fit(wide[a], wide[b]).score(wide[a], wide[b]) for a, b in itertools.combinations(range(12), 2)
        ])

    seconds, scores = timed(angles, arguments.repeats)
    report("Procrustes angle, 66 pairs of 2,000 x 64", mine[0], "netrep", seconds)
    print(f"  largest difference of an angle: {np.abs(scores - mine[1]).max():.1e}")

units = 128
weights = random.standard_normal((units, units)) / np.sqrt(units)
order = random.permutation(units)
both = np.stack([weights, weights[np.ix_(order, order)]])
mine = ours("matching", both, "--units", units, "--repeats", max(5, arguments.repeats))
seconds, found = timed(
    lambda: quadratic_assignment(both[0], both[1], options={"maximize": True}), arguments.repeats)
permuted = both[1][np.ix_(found.col_ind, found.col_ind)]
report(f"planted exchange of {units} units", mine["plain"][0], "scipy", seconds)
print(f"  distances: rnnprobe {mine['plain'][1][0]:.3g}, scipy {np.linalg.norm(both[0] - permuted):.3g}")
print(f"  with signs: rnnprobe {mine['signed'][0]:.4g} s")
both[1] = random.standard_normal((units, units)) / np.sqrt(units)
mine = ours("matching", both, "--units", units, "--repeats", max(5, arguments.repeats))
seconds, found = timed(
    lambda: quadratic_assignment(both[0], both[1], options={"maximize": True}), arguments.repeats)
permuted = both[1][np.ix_(found.col_ind, found.col_ind)]
report(f"unrelated weights of {units} units", mine["plain"][0], "scipy", seconds)
print(f"  distances: rnnprobe {mine['plain'][1][0]:.4f}, scipy {np.linalg.norm(both[0] - permuted):.4f}")
