"""A needle in 16,384 tokens through a 1.1-billion-parameter Llama-shaped random BF16 model: prefill, 50 tokens, retrieval.

    python scripts/benchmarks/long_context.py BINARIES [LENGTH]

BINARIES is the folder of rnnprobe's release binaries. The shape is TinyLlama's (22 layers, width 2,048, 32 heads, 4
key-value heads, 5,632 hidden units, 32,000 tokens). rnnprobe captures the argmax of every head at the generated steps,
which is what retrieval is scored from, and its peak memory is set against weights + keys and values + 1 GiB. Beside it,
transformers (eager, which must return the attention of the generated steps) at a length that it can hold, 2,048 tokens,
with rnnprobe at the same length. Needs torch, transformers.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from attention_capture import measured

PEER = """
import sys, time, json, torch
from transformers import LlamaForCausalLM
folder, cases = sys.argv[1:]
case = json.loads(open(cases).readline())
model = LlamaForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.bfloat16).eval()
tokens = torch.tensor([case["prompt"]])
with torch.no_grad():
    begin = time.perf_counter()
    out = model(tokens[:, :-1], use_cache=True, logits_to_keep=1)
    middle = time.perf_counter()
    last, cache = tokens[:, -1:], out.past_key_values
    for step in range(50):
        out = model(last, past_key_values=cache, use_cache=True, output_attentions=True)
        cache, last = out.past_key_values, out.logits[:, -1:].argmax(-1)
        keys = [pattern[0, :, -1].argmax(-1) for pattern in out.attentions]
    end = time.perf_counter()
print(json.dumps({"prefill": middle - begin, "decode": end - middle}))
"""


def case(path, length, vocabulary):
    """One prompt of random tokens with a needle in its middle; nobody expects a random model to find it."""
    prompt = np.random.default_rng(length).integers(5, vocabulary, length).tolist()
    Path(path).write_text(json.dumps(
        {"prompt": prompt, "needle_start": length // 2, "needle_end": length // 2 + 10, "max_new_tokens": 50}) + "\n")


if __name__ == "__main__":
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    binaries = Path(sys.argv[1]).resolve()
    length = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 16384
    config = LlamaConfig(
        vocab_size=32000, hidden_size=2048, intermediate_size=5632, num_hidden_layers=22, num_attention_heads=32,
        num_key_value_heads=4, max_position_embeddings=32768, eos_token_id=None, bos_token_id=1)
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        torch.set_default_dtype(torch.bfloat16)
        model = LlamaForCausalLM(config)
        model.save_pretrained(folder + "/model")
        weights = sum(p.numel() for p in model.parameters()) * 2
        del model
        Path(folder, "peer.py").write_text(PEER)

        def ours(length):
            case(folder + "/cases.jsonl", length, config.vocab_size)
            seconds, memory, printed = measured(
                [binaries / "rnnprobe", "capture", folder + "/model", "--task", f"needle:file={folder}/cases.jsonl",
                 "--sites", "*.attn.summary.argmax", "--positions", "generated", "--weights-limit", "0",
                 "-o", folder + "/ours.h5", "--force", "--json"])
            cache = 22 * 2 * 4 * 64 * 4 * (length + 50)
            bound = (weights + cache) / 2**20 + 1024
            print(f"rnnprobe, {length} + 50 tokens: {seconds:.1f} s, {(length + 50) / seconds:.0f} tokens/s, "
                  f"{memory:.0f} MiB at its peak; weights {weights / 2**20:.0f} + keys and values {cache / 2**20:.0f} + 1024 "
                  f"= {bound:.0f} MiB", flush=True)
            return seconds

        mine = ours(2048)
        result = json.loads(measured([sys.executable, folder + "/peer.py", folder + "/model", folder + "/cases.jsonl"])[2])
        theirs = result["prefill"] + result["decode"]
        print(f"transformers, 2048 + 50 tokens: prefill {result['prefill']:.1f} s, 50 steps {result['decode']:.1f} s without "
              f"loading: {theirs / mine:.1f} times as long", flush=True)
        if length != 2048:
            ours(length)
