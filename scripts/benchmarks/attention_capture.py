"""Every hidden state and attention pattern of a GPT-2-small-sized model, 4 x 1,024 tokens, into HDF5:
rnnprobe against transformers (eager attention) and h5py.

    python scripts/benchmarks/attention_capture.py BINARIES

BINARIES is the folder of rnnprobe's release binaries. The model is random (seed 0). Both write float32 without
compression and without logits; the file has 2.6 GB. Each is run twice in turn as a process of its own, with as many
threads as there are processors; the better run of each counts, and its peak memory. Needs torch, transformers, h5py.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

PEER = """
import sys, h5py, numpy as np, torch
from transformers import GPT2Model
folder, output = sys.argv[1:]
model = GPT2Model.from_pretrained(folder, attn_implementation="eager").eval()
tokens = torch.from_numpy(np.load(folder + "/tokens.npy"))
import time
begin = time.perf_counter()
with torch.no_grad(), h5py.File(output, "w") as file:
    for trial in range(tokens.shape[0]):
        out = model(tokens[trial : trial + 1], output_hidden_states=True, output_attentions=True)
        group = file.create_group(str(trial))
        for layer, hidden in enumerate(out.hidden_states):
            group[f"hidden/{layer}"] = hidden[0].numpy()
        for layer, pattern in enumerate(out.attentions):
            group[f"pattern/{layer}"] = pattern[0].numpy()
print(time.perf_counter() - begin)
"""


def measured(command):
    """Seconds and peak resident memory (MiB) of a process, and what it printed."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0, command
        out.seek(0)
        return time.perf_counter() - begin, usage.ru_maxrss / 1024, out.read().decode()


if __name__ == "__main__":
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    binaries = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        GPT2LMHeadModel(GPT2Config()).save_pretrained(folder + "/model")
        tokens = np.random.default_rng(0).integers(0, 50257, (4, 1024))
        np.save(folder + "/model/tokens.npy", tokens)
        Path(folder, "peer.py").write_text(PEER)
        ours, peer = [], []
        for _ in range(2):
            ours.append(measured(
                [binaries / "rnnprobe", "capture", folder + "/model", "--tokens", folder + "/model/tokens.npy",
                 "--sites", "embed,*.resid_post,*.attn.pattern", "--compression", "none", "-o", folder + "/ours.h5",
                 "--weights-limit", "0", "--force", "--json"]))
            seconds, memory, printed = measured(
                [sys.executable, folder + "/peer.py", folder + "/model", folder + "/peer.h5"])
            peer.append((float(printed), memory, printed))
        size = Path(folder, "ours.h5").stat().st_size / 1e9
        (mine, memory, text), (theirs, theirs_memory, _) = min(ours), min(peer)
        print(f"rnnprobe {mine:.2f} s, whole command ({json.loads(text)['seconds']:.2f} s in the run), "
              f"{memory:.0f} MiB at its peak, {size:.2f} GB")
        print(f"transformers + h5py {theirs:.2f} s without loading, {theirs_memory:.0f} MiB at its peak: "
              f"{theirs / mine:.1f} times as long")
        import h5py
        with h5py.File(folder + "/ours.h5") as a, h5py.File(folder + "/peer.h5") as b:
            worst = max(
                np.abs(a[f"sites/blocks.{layer}.attn.pattern"][0].transpose(1, 0, 2) - b[f"0/pattern/{layer}"][:]).max()
                for layer in (0, 11))
        print(f"largest difference of a weight: {worst:.1e}")
