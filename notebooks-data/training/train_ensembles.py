"""Trains one shipped ensemble: `python train_ensembles.py NAME [--folder FOLDER] [--networks COUNT] [--updates COUNT]`.

Writes FOLDER/NAME/NAME-NN.safetensors, the same networks before training in FOLDER/NAME-initial, their entries in
FOLDER/ensembles.json, and the table of FOLDER/README.md anew. All networks of an ensemble are trained together, on one
thread of one CPU, but each has its own seed, trials, Adam moments, learning rate and end of training. Fewer or more networks
and another limit on updates than the recipe's are for ensembles of one's own: give another folder with them.
"""

import argparse
import dataclasses
import pathlib
import time

import numpy as np
import torch

import ensemble_networks
import ensemble_tables
import networks
from ensemble_recipes import EPOCH, PATIENCE, RECIPES, UNITS


def trials(generate, randoms, count):
    """Inputs and targets [time, network, trial, feature], `count` trials from each network's own random numbers."""
    drawn = [generate(random, count)[:2] for random in randoms]
    return [torch.from_numpy(np.stack(part, axis=1).swapaxes(0, 2)).contiguous()
            for part in zip(*drawn, strict=True)]


class Adam:
    """Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1) with a rate and a limit on the gradient's norm per network."""

    def __init__(self, flat, rate):
        self.mean, self.square = torch.zeros_like(flat), torch.zeros_like(flat)
        self.rate = torch.full((len(flat), 1), rate)
        self.steps = 0

    def update(self, flat, gradient):
        gradient = gradient * (1 / gradient.norm(dim=1, keepdim=True)).clamp(max=1)
        self.steps += 1
        self.mean.lerp_(gradient, 0.1)
        self.square.lerp_(gradient.square(), 0.001)
        scale = (self.square / (1 - 0.999**self.steps)).sqrt_().add_(1e-8)
        flat.sub_(self.rate / (1 - 0.9**self.steps) * self.mean / scale)

    def keep(self, which):
        self.mean, self.square, self.rate = self.mean[which], self.square[which], self.rate[which]


def train(recipe, seeds):
    """Final and initial parameters, [network, parameter], updates made, and each network's last loss."""
    randoms = [np.random.default_rng(seed) for seed in seeds]
    probe, answer = trials(recipe.generate, randoms, 128)  # what the threshold is looked for on
    layout = ensemble_networks.shapes(probe.shape[3], UNITS, answer.shape[3])
    initial = torch.stack([ensemble_networks.draw(seed, layout) for seed in seeds])
    final, updates, reached = initial.clone(), [0] * len(seeds), torch.zeros(len(seeds))
    flat, active = initial.clone(), list(range(len(seeds)))
    adam = Adam(flat, recipe.rate)
    least = torch.full((len(seeds),), torch.inf)
    since = torch.zeros(len(seeds), dtype=torch.int64)  # epochs since the least loss
    below = torch.zeros(len(seeds), dtype=torch.int64)  # epochs in a row at or below the threshold
    last_stage = max(recipe.stages, default=0)  # the rate is not lowered before it
    for made in range(EPOCH, recipe.updates + 1, EPOCH):
        inputs, targets = trials(recipe.teaching(made - EPOCH), [randoms[i] for i in active], EPOCH * recipe.batch)
        for given, wanted in zip(inputs.split(recipe.batch, 2), targets.split(recipe.batch, 2), strict=True):
            adam.update(flat, ensemble_networks.gradient(flat, layout, given.contiguous(), wanted))
        loss = ensemble_networks.losses(ensemble_networks.views(flat, layout), probe, answer)
        below = torch.where(loss <= recipe.threshold, below + 1, 0)
        since = torch.where((loss < least) | torch.tensor(made <= last_stage), 0, since + 1)
        least = torch.minimum(least, loss)
        adam.rate[since >= recipe.plateau] /= 2
        since[since >= recipe.plateau] = 0
        ends = (below > PATIENCE) | torch.tensor(made == recipe.updates)
        if made % 500 == 0 or ends.any():
            print(f"{made:6d} {loss.min():.3e} {loss.median():.3e} {loss.max():.3e} of {len(active)}", flush=True)
        for place in ends.nonzero().flatten().tolist():
            final[active[place]], updates[active[place]], reached[active[place]] = flat[place], made, loss[place]
        if ends.any():
            stay = ~ends
            active = [network for network, stays in zip(active, stay.tolist(), strict=True) if stays]
            if not active:
                break
            flat, probe, answer = flat[stay], probe[:, stay].contiguous(), answer[:, stay].contiguous()
            least, since, below = least[stay], since[stay], below[stay]
            adam.keep(stay)
    return layout, initial, final, updates, reached.tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(__file__).parent.parent / "ensembles")
    parser.add_argument("--networks", type=int, help="how many, in the place of the recipe's number")
    parser.add_argument("--updates", type=int, help=f"at most, in the place of the recipe's; a multiple of {EPOCH}")
    options = parser.parse_args()
    changes = {key: value for key in ("networks", "updates") if (value := getattr(options, key)) is not None}
    if changes.get("networks", 1) < 1:
        parser.error("--networks must be at least 1")
    if changes.get("updates", EPOCH) < EPOCH or changes.get("updates", EPOCH) % EPOCH:
        parser.error(f"--updates must be a multiple of {EPOCH}, the updates between two looks at the loss")
    torch.set_num_threads(1)
    wall, cpu = time.perf_counter(), time.process_time()
    recipe = dataclasses.replace(RECIPES[options.name], **changes)
    seeds = list(range(recipe.first_seed, recipe.first_seed + recipe.networks))
    layout, initial, final, updates, reached = train(recipe, seeds)
    weights, before = ensemble_networks.views(final, layout), ensemble_networks.views(initial, layout)
    scores = {}
    for key, generate, offset in (("loss", recipe.generate, 1_000_000), ("harder", recipe.generate_harder, 2_000_000)):
        fresh = trials(generate, [np.random.default_rng(offset + seed) for seed in seeds], 512)
        scores[key] = ensemble_networks.losses(weights, *fresh).tolist()
    entries = {}
    for place, seed in enumerate(seeds):
        name = f"{options.name}-{place + 1:02d}"
        entry = {"seed": seed, "updates": updates[place], "last_loss": reached[place],
                 "loss": scores["loss"][place], "harder_loss": scores["harder"][place]}
        entries[name] = entry
        for folder, source, extra in (
            (options.name, weights, {f"rnnprobe.{key}": str(value) for key, value in entry.items() if key != "seed"}),
            (f"{options.name}-initial", before, {"rnnprobe.updates": "0"}),
        ):
            (options.folder / folder).mkdir(parents=True, exist_ok=True)
            networks.save(
                options.folder / folder / f"{name}.safetensors",
                ensemble_networks.torch_names({part: tensor[place] for part, tensor in source.items()}),
                "elman", recipe.task, seed, extra)
    ensemble_tables.record(options.folder, options.name, {
        "task": recipe.task, "harder": recipe.harder, "threshold": recipe.threshold, "units": UNITS,
        "batch": recipe.batch, "rate": recipe.rate, "updates_at_most": recipe.updates, "epoch": EPOCH,
        "options": "".join(f" --{key} {value}" for key, value in changes.items()),
        "patience": PATIENCE, "plateau": recipe.plateau, "stages": recipe.stages,
        "wall_seconds": round(time.perf_counter() - wall), "cpu_seconds": round(time.process_time() - cpu),
        "torch": torch.__version__, "networks": entries})


if __name__ == "__main__":
    main()
