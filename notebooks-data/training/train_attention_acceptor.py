"""Trains a small transformer acceptor: `python train_attention_acceptor.py [--language N] [--seed N] [--models FOLDER]`.

Writes FOLDER/tomitaN-attention (config.json, generation_config.json, model.safetensors, tokenizer.json), its entry in
FOLDER/models.json and the table of FOLDER/README.md anew. A Llama of two small layers reads `[BOS]` and a word over 0 and 1;
at every position, that of `[BOS]` too, the logits of the tokens `reject` and `accept` say whether the word so far is in
Tomita's language. One thread, CPU; the same seed on the same machine and PyTorch gives the same weights.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch
from safetensors.torch import save_file

import tables
import tasks
from heads_demo_model import HeadsDemo, Shape

WORDS = ["[UNK]", "[BOS]", "0", "1", "reject", "accept"]
INDEX = {word: number for number, word in enumerate(WORDS)}
BOS, ZERO, REJECT = INDEX["[BOS]"], INDEX["0"], INDEX["reject"]
LENGTH = 32


def prompts(words):
    """Token ids [word, 1 + time] of words over {0, 1}, `[BOS]` in front."""
    return torch.from_numpy(np.pad(words + ZERO, ((0, 0), (1, 0)), constant_values=BOS))


def verdicts(model, words):
    """Logits of reject and accept after each prefix, the empty one first: [word, 1 + time, 2]."""
    return model(prompts(words))[:, :, REJECT:REJECT + 2]


def memberships(words, language):
    """Whether each prefix, the empty one first, is in the language: [word, 1 + time]."""
    return np.pad(tasks.memberships(words, language), ((0, 0), (1, 0)), constant_values=0 in language[1])


def train(language, arguments):
    torch.manual_seed(arguments.seed)
    random = np.random.default_rng(arguments.seed)
    shape = Shape(len(WORDS), width=32, hidden=64, layers=2, heads=4, positions=128)
    model = HeadsDemo(shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.rate, weight_decay=0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.rate, total_steps=arguments.updates, pct_start=0.1, final_div_factor=100)
    for update in range(arguments.updates):
        words, _, _ = tasks.acceptor(random, 64, language, LENGTH, slip=0.3)
        aims = torch.from_numpy(memberships(words, language).astype("i8"))
        # Over the whole vocabulary, so that the model's own next token is its verdict.
        logits = model(prompts(words))
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), REJECT + aims.flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if update % 250 == 0:
            print(f"{update:6d} {loss.item():.3e}", flush=True)
    return model


@torch.no_grad()
def wrong_words(model, language, length=16):
    """How many of all words of 0 to `length` symbols are judged wrongly, and the least margin of the two logits."""
    words = tasks.all_words(length)
    logits = torch.cat([verdicts(model, part) for part in np.array_split(words, 32)]).numpy()
    margins = (logits[:, :, 1] - logits[:, :, 0]) * np.where(memberships(words, language), 1, -1)
    # Words ascend, so that each prefix of n symbols stands first in a run of 2^(length - n).
    margins = [margins[::2 ** (length - n), n] for n in range(length + 1)]
    return sum(int((part <= 0).sum()) for part in margins), float(min(part.min() for part in margins))


@torch.no_grad()
def accuracy(model, language, seed, trials=4096):
    """The share of right verdicts on all prefixes of fresh words of 32 symbols, half drawn as in training, half uniformly."""
    random = np.random.default_rng(seed + 1_000_000)
    words = np.concatenate([tasks.acceptor(random, trials // 2, language, LENGTH)[0],
                            random.integers(0, 2, (trials // 2, LENGTH))])
    right = [(verdicts(model, part).argmax(2).numpy() == memberships(part, language)).mean()
             for part in np.array_split(words, 8)]
    return float(np.mean(right))


def tokenizer():
    """tokenizer.json: words between spaces, `[BOS]` put in front by the template."""
    def added(word):
        return {"id": INDEX[word], "content": word, "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False, "special": True}

    beginning = {"id": "[BOS]", "ids": [BOS], "tokens": ["[BOS]"]}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [added("[UNK]"), added("[BOS]")],
        "normalizer": None, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[BOS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "[BOS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"[BOS]": beginning},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": INDEX, "unk_token": "[UNK]"},
    }


def save(model, folder, language):
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, value):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n")

    write("config.json", model.shape.config(BOS))
    write("generation_config.json", {"bos_token_id": BOS, "do_sample": False})
    write("tokenizer.json", tokenizer())
    weights = {name: value.detach().clone().contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={
        "format": "pt", "rnnprobe.task": f"tomita:n={language}"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", type=int, default=4, choices=range(1, 8))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--models", type=pathlib.Path, default=pathlib.Path(__file__).parent.parent / "models")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    started = time.perf_counter()
    language = tasks.TOMITA[arguments.language]
    model = train(language, arguments)
    wrong, least = wrong_words(model, language)
    name = f"tomita{arguments.language}-attention"
    entry = {
        "cell": "transformer (llama)", "units": model.shape.width, "task": f"tomita:n={arguments.language}",
        "seed": arguments.seed, "parameters": sum(p.numel() for p in model.parameters()),
        "score": {"accuracy": accuracy(model, language, arguments.seed)}, "words_to_length_16_wrong": wrong,
        "least_margin_to_length_16": least, "wall_seconds": round(time.perf_counter() - started, 1),
        "command": f"python train_attention_acceptor.py --language {arguments.language} --seed {arguments.seed}",
        "torch": torch.__version__,
    }
    save(model, arguments.models / name, arguments.language)
    tables.record(arguments.models, name, entry)
    print(json.dumps(entry, indent=2))


if __name__ == "__main__":
    main()
