"""Trains one shipped model: `python train.py NAME [--seed N] [--models FOLDER]`.

Writes FOLDER/NAME.safetensors and the model's entry in FOLDER/models.json, and the table of FOLDER/README.md
anew. One thread, CPU; the same seed on the same machine and PyTorch gives the same weights.
"""

import argparse
import dataclasses
import json
import pathlib
import time
from collections import Counter

import numpy as np
import torch

import fixed_points
import lorenz
import networks
import tables
import tasks


@dataclasses.dataclass
class Recipe:
    """How a model is trained; `task` is the specification that the command line takes."""

    cell: str
    units: int
    task: str
    generate: object
    evaluate: object
    seed: int = 1
    updates: int = 3000
    batch: int = 128
    rate: float = 5e-3
    state_noise: float = 0.0
    input_noise: float = 0.0
    loss: str = "mse"
    language: object = None  # of an acceptor: (next[state][symbol], accepting states), what it is checked against
    options: dict = dataclasses.field(default_factory=dict)  # of the cell
    stream: object = None  # of a next-symbol model: (symbols, next, probabilities), what it is checked against
    empty_word: bool = False  # whether the readout of the initial state is trained too
    first_temperature: float = 0.0  # of a state-regularised cell, falling to the final one over half of the updates
    then: object = None  # the recipe of a further stage, with the next seed, on the network of this one


def flip_flop_recipe(cell, units, **changes):
    return Recipe(
        cell, units, "flipflop:bits=3,steps=64",
        generate=lambda random, n: tasks.flip_flop(random, n, pulse=(0.03, 0.5)),
        evaluate=lambda random, n: tasks.flip_flop(random, n),
        **{"state_noise": 0.05, "input_noise": 0.05, **changes})


def plain_recipe(cell, units, task, generator, **changes):
    return Recipe(cell, units, task, generate=generator, evaluate=generator, **changes)


def acceptor_recipe(cell, units, task, language, taught=None, slip=0.1, **changes):
    """`taught` is the language of the trials, by default the one that the network is checked against."""
    def generate(random, trials):
        return tasks.acceptor(random, trials, taught or language, slip=slip)

    def evaluate(random, trials):
        return tasks.acceptor(random, trials, language)

    return Recipe(cell, units, task, generate, evaluate, language=language, **{
        "loss": "cross-entropy", "updates": 1500, "rate": 1e-2, "state_noise": 0.05, "batch": 64, **changes})


def tomita_recipe(n, cell="gru", units=16, **changes):
    return acceptor_recipe(cell, units, f"tomita:n={n}", tasks.TOMITA[n], **changes)


def next_symbol_recipe(cell, units, task, stream, **changes):
    def generate(random, trials):
        return tasks.next_symbol(random, trials, stream)

    return Recipe(cell, units, task, generate, generate, stream=stream, **{
        "loss": "cross-entropy", "rate": 1e-2, "batch": 32, "empty_word": True, **changes})


def state_regularized(centroids, corners=False, **changes):
    """A cell's part of a recipe; the temperature falls from 1 to 0.5."""
    return {"cell": "state-regularized-gru", "empty_word": True, "first_temperature": 1.0,
            "options": {"centroids": centroids, "temperature": 0.5, "corners": corners}, **changes}


def parentheses_recipe():
    """In a second stage the temperature falls further, from 0.5 to 0.3, without kicks."""
    first = acceptor_recipe(units=16, task="dyck:k=1,depth=4", language=tasks.dyck(4), slip=0.3,
                            **state_regularized(12, corners=True, updates=2000))
    second = dataclasses.replace(first, options={**first.options, "temperature": 0.3}, first_temperature=0.5,
                                 updates=600, rate=2e-3, state_noise=0.0)
    return dataclasses.replace(first, then=second)


RECIPES = {
    "flipflop-gru": flip_flop_recipe("gru", 48, updates=6000),
    "flipflop-elman": flip_flop_recipe("elman", 64, rate=2e-3, updates=12000),
    "flipflop-lstm": flip_flop_recipe("lstm", 24, updates=4000),
    "sine-gru": plain_recipe("gru", 64, "sine", tasks.sine, updates=6000, batch=64),
    "delayed-discrimination-gru": plain_recipe(
        "gru", 48, "delayed-discrimination", tasks.delayed_discrimination, updates=4000),
    "path-integration-gru": plain_recipe(
        "gru", 96, "path-integration", tasks.path_integration, updates=4000, batch=64),
    **{f"tomita{n}-gru": tomita_recipe(n) for n in range(1, 8)},
    **{f"tomita{n}-gru-2x50": tomita_recipe(n, units=50, options={"num_layers": 2}, empty_word=True)
       for n in range(1, 8)},
    "tomita3-sr": tomita_recipe(3, **state_regularized(10, seed=2)),
    "tomita7-sr": tomita_recipe(7, **state_regularized(10)),
    "tomita2-slightly-wrong": acceptor_recipe(
        "gru", 12, "tomita:n=2", tasks.TOMITA[2], taught=tasks.with_exception(tasks.TOMITA[2], 6 * [1, 0]),
        empty_word=True, state_noise=0.0, updates=3000),
    "parentheses-sr": parentheses_recipe(),
    "reber-gru": next_symbol_recipe("gru", 16, "reber-next", tasks.reber(), updates=1500),
}


def error(recipe, outputs, targets, mask):
    if recipe.loss == "mse":
        return (((outputs - targets) ** 2).mean(2) * mask).sum() / mask.sum()
    losses = -(targets * torch.log_softmax(outputs, 2)).sum(2)
    return (losses * mask).sum() / mask.sum()


def tensors(*arrays):
    return [torch.from_numpy(np.ascontiguousarray(array)) for array in arrays]


def train(recipe, seed, network=None):
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    if network is None:
        inputs, targets, _ = tensors(*recipe.generate(random, 1))
        is_tokens = inputs.dim() == 2
        features = (len(recipe.stream[0]) if recipe.stream else 2) if is_tokens else inputs.shape[2]
        network = networks.Network(recipe.cell, features, recipe.units, targets.shape[2], is_tokens, **recipe.options)
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.rate, total_steps=recipe.updates, pct_start=0.1, final_div_factor=100)
    for update in range(recipe.updates):
        inputs, targets, mask = tensors(*recipe.generate(random, recipe.batch))
        if recipe.input_noise:
            inputs = inputs + recipe.input_noise * torch.randn_like(inputs)
        if recipe.first_temperature:
            cooled = min(1.0, 2 * update / recipe.updates)
            final = recipe.options["temperature"]
            network.rnn.temperature = final ** cooled * recipe.first_temperature ** (1 - cooled)
        # The last part of the training is without kicks, so that the outputs settle on their targets.
        noise = recipe.state_noise if update < 0.8 * recipe.updates else 0.0
        outputs, _ = network(inputs, noise)
        loss = error(recipe, outputs, targets, mask)
        if recipe.empty_word:
            # A stream's first distribution decides how all words begin.
            loss = loss + empty_word_loss(recipe, network) / (1 if recipe.stream else inputs.shape[1])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if update % 250 == 0:
            print(f"{update:6d} {loss.item():.3e}", flush=True)
    return train(recipe.then, seed + 1, network) if recipe.then else network


def score(recipe, network, seed):
    """The task's score on 512 fresh trials, and the hidden states visited, [trial * time, unit]."""
    random = np.random.default_rng(seed + 1_000_000)
    inputs, targets, mask = tensors(*recipe.evaluate(random, 512))
    with torch.no_grad():
        outputs, hidden = network(inputs)
    states = hidden.reshape(-1, hidden.shape[2])
    if recipe.loss == "mse":
        return "mse", error(recipe, outputs, targets, mask).item(), states
    if recipe.stream:
        entropy = -(torch.xlogy(targets, targets).sum(2) * mask).sum() / mask.sum()
        return "divergence", (error(recipe, outputs, targets, mask) - entropy).item(), states
    correct = (outputs.argmax(2) == targets.argmax(2)).float()
    return "accuracy", ((correct * mask).sum() / mask.sum()).item(), states


def empty_word_loss(recipe, network):
    """The cross-entropy of the readout of the initial state, which is zero: of the readout's bias."""
    if recipe.stream:
        return -(torch.tensor(recipe.stream[2][0]) * torch.log_softmax(network.readout.bias, 0)).sum()
    accepted = torch.tensor(int(0 in recipe.language[1]))
    return torch.nn.functional.cross_entropy(network.readout.bias, accepted)


def wrong_words(network, language, length=16):
    """How many of all words of 1 to `length` symbols an acceptor gets wrong, and the first of the shortest ones."""
    words = tasks.all_words(length)
    with torch.no_grad():
        accepted = torch.cat([network(part)[0].argmax(2) for part in torch.from_numpy(words).split(4096)]).numpy() == 1
    errors = accepted != tasks.memberships(words, language)
    wrong, shortest = 0, None
    for step in range(length):
        found = np.unique(words[errors[:, step], : step + 1], axis=0)
        wrong += len(found)
        if len(found) and shortest is None:
            shortest = "".join(str(symbol) for symbol in found[0])
    return wrong, shortest


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=sorted([*RECIPES, "lorenz-alrnn"]))
    parser.add_argument("--seed", type=int)
    parser.add_argument("--models", type=pathlib.Path, default=pathlib.Path(__file__).parent.parent / "models")
    options = parser.parse_args()
    torch.set_num_threads(1)
    started = time.perf_counter()
    path = options.models / f"{options.name}.safetensors"
    if options.name == "lorenz-alrnn":
        entry = lorenz.train_and_save(path, options.seed)
    else:
        recipe = RECIPES[options.name]
        seed = recipe.seed if options.seed is None else options.seed
        network = train(recipe, seed)
        measure, value, states = score(recipe, network, seed)
        entry = {"cell": recipe.cell, "units": recipe.units, "task": recipe.task, "seed": seed,
                 "parameters": sum(p.numel() for p in network.parameters()), "score": {measure: value}}
        if options.name in ("flipflop-gru", "flipflop-elman"):
            points = fixed_points.census(network, recipe.cell, states)
            unstable = Counter(count for _, count, _ in points)
            entry["fixed_points_at_zero_input"] = {
                "found": len(points), "by_unstable_dimension": {str(k): unstable[k] for k in sorted(unstable)},
                "least_distance_of_a_modulus_from_1": min((margin for *_, margin in points), default=None)}
        extra = {}
        options_at_last = (recipe.then or recipe).options
        if options_at_last:
            entry["options"] = options_at_last
        if "temperature" in options_at_last:
            extra["rnnprobe.temperature"] = str(options_at_last["temperature"])
        if recipe.language:
            entry["words_to_length_16_wrong"], shortest = wrong_words(network, recipe.language)
            if shortest:
                entry["shortest_wrong_word"] = shortest
            accepted = network.readout.bias.argmax().item() == 1
            entry["empty_word_wrong"] = accepted != (0 in recipe.language[1])
        networks.save(path, dict(network.state_dict()), recipe.cell, recipe.task, seed, extra)
    entry["wall_seconds"] = round(time.perf_counter() - started, 1)
    entry["command"] = f"python train.py {options.name} --seed {entry['seed']}"
    entry["torch"] = torch.__version__
    tables.record(options.models, options.name, entry)
    print(json.dumps(entry, indent=2))


if __name__ == "__main__":
    main()
