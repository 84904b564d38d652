"""All streamed head scores of a GPT-2-small-sized model on 16 x 1,024 tokens: rnnprobe against transformers with
output_attentions and numpy.

    python scripts/benchmarks/head_scores.py BINARIES

BINARIES is the folder of rnnprobe's release binaries. The model is random (seed 0); each prompt is 512 random tokens,
twice. Both compute for every head and query the largest weight and its key, the entropy, the number of keys that hold
90 %, and the weight on the previous and the first token, on earlier occurrences of the token and after them; the peer
with vectorised numpy on transformers' patterns (eager attention), prompt by prompt. Needs torch, transformers.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from attention_capture import measured

PEER = """
import sys, time, numpy as np, torch
from transformers import GPT2Model
folder = sys.argv[1]
model = GPT2Model.from_pretrained(folder, attn_implementation="eager").eval()
tokens = np.load(folder + "/tokens.npy")
begin = time.perf_counter()
scores = []
with torch.no_grad():
    for trial in tokens:
        out = model(torch.from_numpy(trial)[None], output_attentions=True)
        n = len(trial)
        equal = (trial[:, None] == trial[None, :]) & np.tri(n, k=-1, dtype=bool)
        after = np.zeros_like(equal)
        after[:, 1:] = equal[:, :-1]
        for pattern in out.attentions:
            p = pattern[0].numpy()
            with np.errstate(divide="ignore", invalid="ignore"):
                entropy = -np.where(p > 0, p * np.log(p), 0).sum(-1)
            k90 = 1 + (np.cumsum(-np.sort(-p, -1), -1) < 0.9 - 1e-6).sum(-1)
            previous = np.zeros(p.shape[:2], np.float32)
            previous[:, 1:] = p[:, np.arange(1, n), np.arange(n - 1)]
            scores.append(np.stack([
                p.argmax(-1), p.max(-1), entropy, k90, previous, p[:, :, 0], (p * equal).sum(-1), (p * after).sum(-1)]))
seconds = time.perf_counter() - begin
np.save(sys.argv[2], np.stack(scores[:12]))
print(seconds)
"""

if __name__ == "__main__":
    import h5py
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    binaries = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        GPT2LMHeadModel(GPT2Config()).save_pretrained(folder + "/model")
        half = np.random.default_rng(0).integers(0, 50257, (16, 512))
        np.save(folder + "/model/tokens.npy", np.concatenate([half, half], 1))
        Path(folder, "peer.py").write_text(PEER)
        command = [binaries / "rnnprobe", "capture", folder + "/model", "--tokens", folder + "/model/tokens.npy",
                   "--sites", "*.attn.summary.*", "-o", folder + "/ours.h5", "--weights-limit", "0", "--force"]
        ours = [measured(command) for _ in range(2)]
        theirs = float(measured([sys.executable, folder + "/peer.py", folder + "/model", folder + "/peer.npy"])[2])
        mine, memory, _ = min(ours)
        print(f"rnnprobe {mine:.2f} s, whole command, {memory:.0f} MiB at its peak; transformers + numpy {theirs:.2f} s "
              f"without loading: {theirs / mine:.1f} times as long")
        names = ["argmax", "max", "entropy", "k90", "previous", "first", "duplicate", "induction"]
        peer = np.load(folder + "/peer.npy")
        with h5py.File(folder + "/ours.h5") as file:
            for place, name in enumerate(names):
                worst, differ = 0.0, 0
                for layer in range(12):
                    own = file[f"sites/blocks.{layer}.attn.summary.{name}"][0].T
                    worst = max(worst, float(np.abs(own - peer[layer, place]).max()))
                    differ += int((own != peer[layer, place]).sum())
                print(f"  {name}: largest difference {worst:.1e}"
                      + (f", {differ} of {12 * own.size} differ" if name in ("argmax", "k90") else ""))
