"""What `analyze degeneracy` would take for thousands of networks, from two small runs.

    python scripts/benchmarks/degeneracy_scaling.py BINARIES [--threads 2] [--units 128]

BINARIES is the folder of rnnprobe's release binaries. 8 and 16 untrained tanh networks (every weight from U(-1/sqrt n, 1/sqrt n),
seeds 0 to 15) on 256 trials of the 3-bit flip-flop, without controls and fixed points: two runs give the seconds a network and
the seconds a pair, and with them those of the 3,400 networks of Huang et al. (arXiv 2410.03972), in groups of 50 and all together.
Needs numpy, safetensors.
"""

import argparse
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from safetensors.numpy import save_file

parser = argparse.ArgumentParser()
parser.add_argument("binaries", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--units", type=int, default=128)
arguments, _ = parser.parse_known_args()


def write(folder, seed):
    random = np.random.default_rng(seed)
    n = arguments.units
    shapes = {
        "rnn.weight_ih_l0": (n, 3), "rnn.weight_hh_l0": (n, n), "rnn.bias_ih_l0": (n,), "readout.weight": (3, n),
        "readout.bias": (3,),
    }
    tensors = {name: random.uniform(-1, 1, shape).astype(np.float32) / np.float32(np.sqrt(n)) for name, shape in shapes.items()}
    save_file(tensors, folder / f"n{seed:02d}.safetensors", metadata={"rnnprobe.cell": "elman"})


def run(*words):
    begin = time.perf_counter()
    subprocess.run([str(arguments.binaries / "rnnprobe"), *map(str, words)], check=True, capture_output=True)
    return time.perf_counter() - begin


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "models").mkdir()
    for seed in range(16):
        write(folder / "models", seed)
    run("capture", folder / "models", "--task", "flipflop:bits=3,steps=64,trials=256", "-o", folder / "captures")
    captures = sorted((folder / "captures").glob("*.h5"))
    seconds = [
        run("analyze", "degeneracy", *captures[:count], "--threads", arguments.threads, "--null-draws", 0, "--no-fixed-points",
            "-o", folder / f"report{count}")
        for count in (8, 16)
    ]
# seconds = networks * a + pairs * b, of 28 and of 120 pairs.
network, pair = np.linalg.solve([[8, 28], [16, 120]], seconds)
print(f"{arguments.units} units: 8 networks {seconds[0]:.2f} s, 16 networks {seconds[1]:.2f} s: {network:.3f} s a network, {pair:.4f} s a pair")
for name, pairs in [("in 68 groups of 50, --within-groups", 68 * 50 * 49 // 2), ("all", 3400 * 3399 // 2)]:
    print(f"  3,400 networks, {name}: {pairs:,} pairs, {(3400 * network + pairs * pair) / 3600:.1f} h")
