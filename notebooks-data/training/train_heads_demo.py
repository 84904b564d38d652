"""Trains the shipped attention model: `python train_heads_demo.py [--seed N] [--updates N] [--models FOLDER]`.

Writes FOLDER/heads-demo (config.json, generation_config.json, model.safetensors, tokenizer.json), the model's entry in
FOLDER/models.json and the table of FOLDER/README.md anew. One thread, CPU; the same seed on the same machine and
PyTorch gives the same weights. `heads_demo_data.py` says what is learned. What helps it along:

- sequences grow from 32 to 128 tokens, as each length is learned (`LENGTHS`);
- unembedding equal to the embedding at first, embeddings of root mean square 1 throughout (`heads_demo_model.py`);
- an extra readout of the residual stream after layer 1, not part of the model saved, which must tell the name that a
  needle or a question is about, at the needle's first word and at the question's last token; without it the match of
  the question with its needle is found late or not at all. Its weight falls with the learning rate to 0;
- parts left out while training (`Noise`), so that a head's own output carries the succession and each skill has
  heads of its own.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional

import heads_demo_data as data
import tables
from heads_demo_model import HeadsDemo, Noise, Shape
from heads_demo_optimizer import Muon

LENGTHS = [32, 40, 48, 64, 96, 128]
WEIGHTS = [1.0, 0.5, 1.0, 1.0]  # of the mean losses of entry, continuation, repeat, list


def rate_factor(update, updates, warm=100):
    """Rises over the first updates, stays, falls linearly to 0 over the last 40 %."""
    return min(1.0, (update + 1) / warm, (updates - update) / (0.4 * updates))


def role_share(update, updates, most=0.6):
    """Nothing at first: skills are learned faster with every head free. Rises between 38 % and 50 % of the updates."""
    return most * min(1.0, max(0.0, (update / updates - 0.38) / 0.12))


def losses_by_kind(logits, targets, kinds):
    """Mean cross-entropy and accuracy of each kind of target."""
    wanted = targets >= 0
    rows, aims, kinds = logits[wanted], targets[wanted], kinds[wanted]
    losses = functional.cross_entropy(rows, aims, reduction="none")
    hits = (rows.argmax(1) == aims).float()
    return [(losses[kinds == k].mean(), hits[kinds == k].mean().item()) for k in range(4)]


@torch.no_grad()
def evaluate(model, seed, length=128, sequences=600):
    tokens, targets, kinds = map(torch.from_numpy, data.batch(np.random.default_rng(seed), sequences, length))
    logits = torch.cat([model(part) for part in tokens.split(60)])
    return {name: hits for name, (_, hits) in zip(data.KIND_NAMES, losses_by_kind(logits, targets, kinds))}


def tokenizer():
    """tokenizer.json: whole words, [BOS] put in front by the template."""
    def added(word):
        return {"id": data.INDEX[word], "content": word, "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False, "special": True}

    beginning = {"id": "[BOS]", "ids": [data.BOS], "tokens": ["[BOS]"]}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [added(w) for w in data.SPECIAL],
        "normalizer": None, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[BOS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "[BOS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"[BOS]": beginning},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": data.INDEX, "unk_token": "[UNK]"},
    }


def save(model, folder):
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, value):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n")

    write("config.json", model.shape.config(data.BOS))
    write("generation_config.json", {"bos_token_id": data.BOS, "do_sample": False})
    write("tokenizer.json", tokenizer())
    weights = {name: value.detach().clone().contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def train(arguments):
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    random = np.random.default_rng(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed)
    model = HeadsDemo(Shape(len(data.WORDS)))
    matrices = [p for n, p in model.model.layers.named_parameters() if p.ndim == 2]
    others = [p for n, p in model.named_parameters() if p.ndim == 1 or "layers" not in n]
    naming = torch.nn.Linear(model.shape.width, len(data.NAMES))
    others += list(naming.parameters())
    muon = Muon(matrices)
    adam = torch.optim.AdamW(others, lr=1, betas=(0.9, 0.98), weight_decay=0)
    items = torch.from_numpy(data.IS_LIST_ITEM)
    began, seen, recent, spent, grade = time.time(), [], [], 0, 0
    for update in range(arguments.updates):
        length = LENGTHS[grade]
        sequences = max(12, arguments.tokens // length // 6 * 6)
        tokens, targets, kinds = map(torch.from_numpy, data.batch(random, sequences, length))
        names = torch.from_numpy(data.names_in_force(tokens.numpy()))
        skills = torch.tensor(data.BATCH_SKILLS)[torch.arange(sequences) % len(data.BATCH_SKILLS)]
        noise = Noise(generator, skills, items[tokens], model.shape, role_share(update, arguments.updates))
        factor = rate_factor(update, arguments.updates)
        logits, between = model(tokens, noise, after=1)
        parts = losses_by_kind(logits, targets, kinds)
        loss = sum(weight * part for weight, (part, _) in zip(WEIGHTS, parts))
        named = functional.cross_entropy(naming(between)[names >= 0], names[names >= 0])
        loss = loss + 0.3 * factor * named
        for parameter in matrices + others:
            parameter.grad = None
        loss.backward()
        muon.step(arguments.rate * factor)
        for group in adam.param_groups:
            group["lr"] = 3e-3 * factor
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        adam.step()
        model.normalise_embeddings()
        seen.append([part.item() for part, _ in parts] + [hits for _, hits in parts] + [named.item()])
        recent, spent = (recent + [seen[-1][4:8]])[-50:], spent + 1
        learned = len(recent) == 50 and np.nanmean(recent, 0).min() > 0.9
        if grade + 1 < len(LENGTHS) and (learned or spent == arguments.patience):
            grade, recent, spent = grade + 1, [], 0
        if (update + 1) % arguments.report == 0:
            mean = np.nanmean(seen, 0)
            seen = []
            print(f"update {update + 1} length {length} seconds {time.time() - began:.0f} " + " ".join(
                f"{name} {mean[k]:.3f}/{mean[k + 4]:.3f}" for k, name in enumerate(data.KIND_NAMES)) + f" naming {mean[8]:.3f}", flush=True)
        if arguments.checkpoint and (update + 1) % 250 == 0:
            save(model, pathlib.Path(arguments.checkpoint))
    return model, time.time() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--updates", type=int, default=2400)
    parser.add_argument("--tokens", type=int, default=2304, help="tokens of one update")
    parser.add_argument("--rate", type=float, default=0.01, help="Muon's")
    parser.add_argument("--patience", type=int, default=600, help="updates at one length at most")
    parser.add_argument("--report", type=int, default=100)
    parser.add_argument("--checkpoint", help="a folder to save to every 250 updates")
    parser.add_argument("--models", default=pathlib.Path(__file__).parent.parent / "models", type=pathlib.Path)
    arguments = parser.parse_args()
    model, seconds = train(arguments)
    scores = evaluate(model, 1000 + arguments.seed)
    print("accuracy on 600 fresh sequences of 128 tokens:", scores)
    save(model, arguments.models / "heads-demo")
    tables.record(arguments.models, "heads-demo", {
        "cell": "transformer (llama)", "units": model.shape.width,
        "parameters": sum(p.numel() for p in model.parameters()),
        "task": "none: needles, repeats, lists", "seed": arguments.seed, "wall_seconds": round(seconds, 1),
        "score": {f"{name} accuracy": hits for name, hits in scores.items()}, "torch": torch.__version__,
        "updates": arguments.updates, "layers": model.shape.layers, "heads": model.shape.heads,
        "command": f"python train_heads_demo.py --seed {arguments.seed} --updates {arguments.updates}",
    })


if __name__ == "__main__":
    main()
