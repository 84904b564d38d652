"""Capture of a 512-unit GRU, 256 trials x 1,000 steps, to HDF5: rnnprobe against PyTorch and h5py.

    python scripts/benchmarks/capture.py BINARIES

BINARIES is the folder of rnnprobe's release binaries. The peer runs torch.nn.GRU without gradients and writes its
hidden states with h5py, uncompressed and with shuffle + gzip (level 4), in chunks of one trial's 256 steps, rnnprobe's
own. Each is run three times in turn; the median counts. Needs torch, h5py, numpy, safetensors.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np
import torch
from safetensors.torch import save_file

binaries = Path(sys.argv[1]).resolve()
torch.manual_seed(0)
gru = torch.nn.GRU(8, 512, batch_first=True)
inputs = torch.randn(256, 1000, 8)

with tempfile.TemporaryDirectory() as folder:
    save_file({"rnn." + k: v for k, v in gru.state_dict().items()}, f"{folder}/gru.safetensors")
    np.save(f"{folder}/inputs.npy", inputs.numpy())

    def ours(compression):
        begin = time.perf_counter()
        subprocess.run(
            [binaries / "rnnprobe", "capture", f"{folder}/gru.safetensors", "--inputs", f"{folder}/inputs.npy",
             "-o", f"{folder}/ours.h5", "--force", "--compression", compression],
            check=True, capture_output=True)
        seconds = time.perf_counter() - begin
        with h5py.File(f"{folder}/ours.h5") as file:
            return seconds, file["sites/layers.0.hidden"].id.get_storage_size()

    def peer(compression):
        options = dict(shuffle=True, compression="gzip", compression_opts=4) if compression == "deflate" else {}
        begin = time.perf_counter()
        with torch.no_grad():
            hidden = gru(inputs)[0].numpy()
        with h5py.File(f"{folder}/peer.h5", "w") as file:
            data = file.create_dataset("hidden", data=hidden, chunks=(1, 256, 512), **options)
            size = data.id.get_storage_size()
        return time.perf_counter() - begin, size

    for compression in ("none", "deflate"):
        runs = [(ours(compression), peer(compression)) for _ in range(3)]
        mine = statistics.median(r[0][0] for r in runs)
        theirs = statistics.median(r[1][0] for r in runs)
        ratio = runs[0][0][1] / runs[0][1][1]
        print(
            f"compression {compression}: rnnprobe {mine:.2f} s, PyTorch + h5py {theirs:.2f} s, "
            f"{theirs / mine:.1f} times faster, stored size {ratio:.3f} of the peer's", flush=True)

    # The same states in both files, to f32 rounding over 1,000 steps.
    with h5py.File(f"{folder}/ours.h5") as a, h5py.File(f"{folder}/peer.h5") as b:
        worst = np.abs(a["sites/layers.0.hidden"][:] - b["hidden"][:]).max()
    print(f"largest difference of a state: {worst:.1e}")
