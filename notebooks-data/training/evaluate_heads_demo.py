"""Scores the heads of the heads-demo model with transformers (eager attention) and checks them by pruning:
`python evaluate_heads_demo.py [--models FOLDER] [--inputs FOLDER] [--output FILE.json]`.

An outside reference for rnnprobe's own scores. Definitions:

retrieval     share of a needle's positions j that the head's largest attention points at in the step that generates
              the token standing at j (Wu et al., arXiv 2404.15574, set definition); mean over the runs that generate
              more than half of the needle. `retrieval_copy_rate` counts every such step and divides by the needle's
              length; `entry` and `continuation` are the shares for the first word and for the later ones.
induction     attention summed over the positions after every earlier occurrence of the query's token, averaged over
              the queries that have one (Olsson et al., arXiv 2209.11895), on repeats.jsonl.
previous      attention to the position before, averaged over all queries but the first, on repeats.jsonl.
successor     share of the pairs (t, next of t) of a list for which the argmax of W_U W_O W_V MLP0(W_E[t]) over the
              list's targets is the next of t (Gould et al., arXiv 2312.09230); norm weights folded (those of the
              head's own input norm, of the first MLP's input norm and the last norm); macro-average over the lists.
              The MLP's input is the bare embedding (`successor`) or the embedding divided by its root mean square
              (`successor_normalised`); no residual is added. Days and months have the pair last - first too.
Pruning zeroes a head's output before W_O; random draws take as many of the other heads, of the same layers as far as
they have any left.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

import heads_demo_data as data


PRUNED_HEADS = (1, 2, 3, 5, 10)  # how many at a time


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


class Subject:
    """The model and its heads to prune."""

    def __init__(self, folder):
        self.model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval()
        config = self.model.config
        self.layers, self.heads = config.num_hidden_layers, config.num_attention_heads
        self.size = config.hidden_size // self.heads
        self.pruned = []
        for number, layer in enumerate(self.model.model.layers):
            layer.self_attn.o_proj.register_forward_pre_hook(
                lambda _, inputs, number=number: (self.zeroed(number, inputs[0]),))

    def zeroed(self, layer, x):
        chosen = [head for of, head in self.pruned if of == layer]
        if chosen:
            x = x.clone()
            x.view(*x.shape[:-1], self.heads, self.size)[..., chosen, :] = 0
        return x

    @torch.no_grad()
    def run(self, tokens, attentions=False):
        output = self.model(torch.tensor(tokens), output_attentions=attentions, use_cache=False)
        return output.logits, output.attentions


def grouped(cases, key):
    """Cases of one length together, as one batch needs."""
    groups = {}
    for case in cases:
        groups.setdefault(len(case[key]), []).append(case)
    return list(groups.values())


def token_accuracy(subject, cases):
    """Share of the known next tokens that the argmax gives."""
    hits = []
    for group in grouped(cases, "tokens"):
        logits, _ = subject.run([case["tokens"] for case in group])
        targets = torch.tensor([case["targets"] for case in group])
        hits.append((logits.argmax(2) == targets)[targets >= 0])
    return torch.cat(hits).float().mean().item()


def generate(subject, cases, attentions=False):
    """Greedy continuations of needle cases; with `attentions`, each step's rows [layers, heads, keys] too."""
    results = []
    for group in grouped(cases, "prompt"):
        tokens = [list(case["prompt"]) for case in group]
        rows = [[] for _ in group]
        for _ in range(max(case["max_new_tokens"] for case in group)):
            logits, patterns = subject.run(tokens, attentions)
            for k, token in enumerate(logits[:, -1].argmax(1).tolist()):
                tokens[k].append(token)
                if attentions:
                    rows[k].append(np.stack([p[k, :, -1].numpy() for p in patterns]))
        for case, all_tokens, steps in zip(group, tokens, rows):
            generated = all_tokens[len(case["prompt"]):][:case["max_new_tokens"]]
            results.append((case, generated, steps[:case["max_new_tokens"]]))
    return results


def found(case, generated):
    """Whether more than half of the needle's tokens were generated."""
    needle = case["prompt"][case["needle_start"]:case["needle_end"]]
    return len(set(needle) & set(generated)) > len(set(needle)) / 2


def needle_accuracy(subject, cases):
    return float(np.mean([found(case, generated) for case, generated, _ in generate(subject, cases)]))


def retrieval(subject, cases):
    tables = {name: [] for name in ("retrieval", "retrieval_copy_rate", "entry", "continuation")}
    for case, generated, steps in generate(subject, cases, attentions=True):
        if not found(case, generated):
            continue
        start, end = case["needle_start"], case["needle_end"]
        copied = np.zeros((end - start, subject.layers, subject.heads))
        for token, rows in zip(generated, steps):
            at = rows.argmax(2)
            for position in range(start, end):
                if case["prompt"][position] == token:
                    copied[position - start] += at == position
        tables["retrieval"].append((copied > 0).mean(0))
        tables["retrieval_copy_rate"].append(copied.mean(0))
        tables["entry"].append(copied[0] > 0)
        tables["continuation"].append((copied[1:] > 0).mean(0))
    shape = (subject.layers, subject.heads)
    return {name: np.mean(values, 0) if values else np.full(shape, np.nan) for name, values in tables.items()}


def patterns_on_repeats(subject, cases):
    """Means over prompts of the means over each prompt's queries, as rnnprobe has them."""
    induction, previous = [], []
    for case in cases:
        tokens = np.array(case["tokens"])
        _, patterns = subject.run([tokens.tolist()], attentions=True)
        pattern = np.stack([p[0].numpy() for p in patterns]).astype(float)
        length = len(tokens)
        earlier = (tokens[:, None] == tokens[None]) & np.tri(length, k=-1, dtype=bool)
        after = np.zeros((length, length), dtype=bool)
        after[:, 1:] = earlier[:, :-1]
        have = earlier.any(1)
        induction.append((pattern * after).sum(3)[:, :, have].mean(2))
        previous.append(np.diagonal(pattern, -1, 2, 3).mean(2))
    return {"induction": np.mean(induction, 0), "previous": np.mean(previous, 0)}


def successor(subject, normalised):
    """Scores [layers, heads] for each list, from the weights alone."""
    model = subject.model
    first = model.model.layers[0]
    embedding = model.model.embed_tokens.weight.detach().double()
    x = embedding / embedding.square().mean(1, keepdim=True).add(1e-5).sqrt() if normalised else embedding
    x = x * first.post_attention_layernorm.weight.detach().double()
    mlp = first.mlp.double()
    with torch.no_grad():
        represented = mlp(x)
    first.mlp.float()
    unembedding = model.lm_head.weight.detach().double() * model.model.norm.weight.detach().double()
    tables = {name: np.full((subject.layers, subject.heads), np.nan) for name in data.LISTS}
    for number, layer in enumerate(model.model.layers):
        if number == 0:
            continue
        values = layer.self_attn.v_proj.weight.detach().double() * layer.input_layernorm.weight.detach().double()
        outputs = layer.self_attn.o_proj.weight.detach().double()
        for head in range(subject.heads):
            part = slice(head * subject.size, (head + 1) * subject.size)
            circuit = outputs[:, part] @ values[part]
            for name, items in data.LIST_IDS.items():
                sources, targets = (items, np.roll(items, -1)) if name in data.CYCLIC else (items[:-1], items[1:])
                logits = represented[sources] @ circuit.T @ unembedding[targets].T
                tables[name][number, head] = (logits.argmax(1).numpy() == np.arange(len(sources))).mean()
    return tables


def ranked(table):
    """Heads as (layer, head), highest score first."""
    order = np.argsort(-np.nan_to_num(table, nan=-1).ravel(), kind="stable")
    return [divmod(int(k), table.shape[1]) for k in order]


def random_draw(random, subject, top):
    """As many of the other heads as `top` has, of the same layers while those have heads left."""
    others = [(l, h) for l in range(subject.layers) for h in range(subject.heads) if (l, h) not in top]
    random.shuffle(others)
    drawn = []
    for layer, _ in top:
        same = [head for head in others if head[0] == layer] or others
        drawn.append(same[0])
        others.remove(same[0])
    return drawn


def pruning(subject, tables, tasks, draws, seed):
    results = {}
    for score, (own, table) in tables.items():
        order, results[score] = ranked(table), []
        for k in PRUNED_HEADS:
            subject.pruned = order[:k]
            row = {"k": k, "top": {name: accuracy() for name, accuracy in tasks.items()}}
            random = np.random.default_rng([seed, k])
            values = []
            for _ in range(draws):
                subject.pruned = random_draw(random, subject, order[:k])
                values.append(tasks[own]())
            row["random"] = {"task": own, "mean": float(np.mean(values)), "least": float(np.min(values)),
                             "draws": draws}
            results[score].append(row)
            print(score, row, flush=True)
    subject.pruned = []
    return results


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(part) for part in value]
    if isinstance(value, np.ndarray):
        return rounded(value.tolist())
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 6)
    return value


def main():
    here = pathlib.Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=pathlib.Path, default=here.parent / "models" / "heads-demo")
    parser.add_argument("--inputs", type=pathlib.Path, default=here.parent / "inputs" / "heads-demo")
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    subject = Subject(arguments.models)
    needles, repeats, lists = (lines(arguments.inputs / f"{name}.jsonl") for name in ("needles", "repeats", "lists"))
    tokenizer = Tokenizer.from_file(str(arguments.models / "tokenizer.json"))
    text = (arguments.inputs / "lists.txt").read_text().splitlines()
    assert [tokenizer.encode(line).ids for line in text] == [case["tokens"] for case in lists[::8]]

    tasks = {"needles": lambda: needle_accuracy(subject, needles), "repeats": lambda: token_accuracy(subject, repeats),
             "lists": lambda: token_accuracy(subject, lists)}
    accuracy = {name: measure() for name, measure in tasks.items()}
    for name in data.LISTS:
        accuracy[f"lists/{name}"] = token_accuracy(subject, [case for case in lists if case["list"] == name])
    runs = generate(subject, needles)
    wanted = [(case["prompt"][case["needle_start"]:case["needle_end"]], generated) for case, generated, _ in runs]
    accuracy["needles/entry"] = float(np.mean([a[0] == b[0] for a, b in wanted]))
    accuracy["needles/every word"] = float(np.mean([a == b for a, b in wanted]))
    print("accuracy", rounded(accuracy), flush=True)

    scores = {**retrieval(subject, needles), **patterns_on_repeats(subject, repeats)}
    by_list = successor(subject, normalised=False)
    scores["successor"] = np.mean(list(by_list.values()), 0)
    scores["successor_normalised"] = np.mean(list(successor(subject, normalised=True).values()), 0)
    for name, table in scores.items():
        print(name, ", ".join(f"{l}.{h} {table[l, h]:.3f}" for l, h in ranked(table)[:6]), flush=True)
    best = ranked(scores["successor"])[0]
    print("successor head", best, {name: round(float(table[best]), 3) for name, table in by_list.items()}, flush=True)

    result = {"accuracy": accuracy, "scores": scores, "successor_by_list": by_list}
    if arguments.draws:
        result["pruning"] = pruning(
            subject, {"retrieval": ("needles", scores["retrieval"]), "induction": ("repeats", scores["induction"]),
                      "successor": ("lists", scores["successor"])}, tasks, arguments.draws, arguments.seed)
    if arguments.output:
        arguments.output.write_text(json.dumps(rounded(result)) + "\n")


if __name__ == "__main__":
    main()
