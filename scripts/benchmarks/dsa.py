"""Dynamical Similarity Analysis: rnnprobe against dsa-metric 2.0.1, on the same trajectories.

    python scripts/benchmarks/dsa.py BINARIES [--threads 2] [--repeats 3]

BINARIES is the folder of rnnprobe's release binaries. Three random tanh networks (seed 1) of 64 units, 64 trials of 64 noisy
steps: models of 10 delays and rank 30, then three pairs by the Wasserstein score and three by the angular one, from the data on.
Then one model of 210 delay coordinates by 1,931 times. Both run on as many threads. dsa-metric runs with its defaults: single
precision, 1,500 steps of Adam from both determinants; its angles are evaluated again in double precision at its own C, made
orthogonal, for its operators. Needs dsa-metric, torch.
"""

import argparse
import itertools
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import typing

import numpy as np
import torch

typing.Final = typing.Any  # ClassVar[Final], which the package writes, is refused before Python 3.13.
try:
    from DSA import DSA, DMD  # noqa: E402
    from DSA.simdist import SimilarityTransformDist  # noqa: E402
except ImportError:
    sys.exit("dsa.py: dsa-metric is not installed; nothing is compared")

parser = argparse.ArgumentParser()
parser.add_argument("binaries", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repeats", type=int, default=3)
arguments, _ = parser.parse_known_args()
torch.set_num_threads(arguments.threads)


def trajectories(random, trials, steps, units):
    weights = 1.3 * random.standard_normal((units, units)) / np.sqrt(units)
    x = random.standard_normal((trials, units))
    states = []
    for _ in range(steps):
        x = np.tanh(x @ weights.T) + 0.1 * random.standard_normal(x.shape)
        states.append(x)
    return np.stack(states, axis=1)


def ours(data, delays, rank, *more):
    networks, trials, steps, units = data.shape
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "trajectories"
        file.write_bytes(np.ascontiguousarray(data).tobytes())
        command = [
            arguments.binaries / "benchmark", "dsa", file, "--trials", trials, "--steps", steps, "--units", units, "--delays",
            delays, "--rank", rank, "--threads", arguments.threads, "--repeats", max(5, arguments.repeats), *more,
        ]
        text = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    return {
        name: (float(seconds), [float(v) for v in values.split()])
        for name, seconds, values in re.findall(r"^(\w+): (\S+) s, values (.*)$", text, re.M)
    }


def timed(body, repeats):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = body()
        times.append(time.perf_counter() - begin)
    return statistics.median(times), result


def peer(data, score, delays, rank):
    analysis = DSA([d.astype(np.float32) for d in data], n_delays=delays, rank=rank, score_method=score)
    return np.asarray(analysis.fit_score())


def exact_angle(a, b):
    """The angle at dsa-metric's alignment of two of its operators, in double precision."""
    method = SimilarityTransformDist(iters=1500, lr=5e-3, score_method="angular")
    method.fit_score(a.clone(), b.clone())
    u, _, v = np.linalg.svd(method.C_star.double().numpy())
    a, b, c = a.double().numpy(), b.double().numpy(), u @ v
    return 2 * np.arcsin(np.linalg.norm(a / np.linalg.norm(a) - c @ b @ c.T / np.linalg.norm(b)) / 2)


def report(name, mine, theirs):
    print(f"{name}: rnnprobe {mine:.4f} s, dsa-metric {theirs:.3f} s, {theirs / mine:.1f} times as long", flush=True)


random = np.random.default_rng(1)
data = np.stack([trajectories(random, 64, 64, 64) for _ in range(3)])
mine = ours(data, 10, 30)
upper = np.triu_indices(3, 1)
seconds, scores = timed(lambda: peer(data, "wasserstein", 10, 30), arguments.repeats)
report("wasserstein, 3 pairs", mine["wasserstein"][0], seconds)
print(f"  largest difference of a squared distance: {np.abs(scores[upper] - mine['wasserstein'][1]).max():.1e}")
seconds, scores = timed(lambda: peer(data, "angular", 10, 30), 1)
report("angular, 3 pairs", mine["angular"][0], seconds)
models = [DMD(d.astype(np.float32), n_delays=10, rank=30, lamb=0) for d in data]
for model in models:
    model.fit()
angles = [exact_angle(models[a].A_v, models[b].A_v) for a, b in itertools.combinations(range(3), 2)]
for ours_angle, theirs_angle in zip(mine["angular"][1], angles):
    print(f"  angle: rnnprobe {ours_angle:.6f}, dsa-metric {theirs_angle:.6f}")

single = trajectories(random, 1, 1940, 21)
mine = ours(single[None], 10, 30, "--models-only")


def fit():
    model = DMD(single[0].astype(np.float32), n_delays=10, rank=30, lamb=0)
    model.fit()


seconds, _ = timed(fit, 5)
report("model of 210 x 1,931", mine["models"][0], seconds)
