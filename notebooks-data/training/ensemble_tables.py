"""Keeps ensembles.json and the README beside the trained ensembles."""

import json

import numpy as np

HEADER = """# Trained ensembles

Networks that differ in nothing but their seed: the weights they started from and the trials they were trained on.
Made by `../training/train_ensembles.py`, which needs torch, numpy and safetensors and uses one thread of one CPU.
Tasks and thresholds follow Huang, Singh, Martinelli and Rajan, arXiv 2410.03972: h' = tanh(W_h h + W_x x + b), a
linear readout, h_0 = 0, everything drawn from U(-1/sqrt n, 1/sqrt n), Adam without weight decay, training ended by a
mean squared error. There are {units} units, where the paper has 128, and the tasks' parameters are those that the
command line takes. Two things save time that the paper does not name: large learning rates, lowered as said below,
and, where a section says so, shorter trials at first.

Every file has `torch.nn` names (`rnn.weight_ih_l0`, `rnn.weight_hh_l0`, `rnn.bias_ih_l0`, `rnn.bias_hh_l0`,
`readout.weight`, `readout.bias`) and metadata: the cell (`rnnprobe.cell`), the task (`rnnprobe.task`), the seed
(`rnnprobe.seed`), the updates made and the losses of the table. The model has one bias, `rnn.bias_ih_l0`;
`rnn.bias_hh_l0` is zero. The networks before training are in the folders NAME-initial, under the same file names.

Every {epoch} updates a network's loss is taken on 128 trials of its own, on which it is not trained; it is done once
the loss has stayed at or below the threshold for {patience} further such epochs. Its learning rate is halved after a
number of epochs without a new least loss (`plateau` in `ensembles.json`, which holds everything else too), and
gradients are scaled down to norm 1. *Loss* is the mean squared error on 512 fresh trials in float32, so that a network
may stand a little above the threshold that its own 128 trials saw it pass; *harder loss* is that on 512 trials of the
harder variant, seen in no training. *Updates* are the steps of the optimiser.

The same script on the same machine and PyTorch gives the same weights to the last bit; the order of the keys in the
files' headers is not reproduced.
"""


def number(value):
    return f"{value:.3g}"


def stages(changes):
    """What is easier at first: the settings of each stage and the update at which the next one begins."""
    starts = sorted((int(start), settings) for start, settings in changes.items())
    parts = [f"{', '.join(f'{key}={value}' for key, value in settings.items())} up to update {end}"
             for (_, settings), (end, _) in zip(starts, starts[1:], strict=False)]
    return f"Trained on trials with {', then '.join(parts)}. " if parts else ""


def section(name, entry):
    """The ensemble's heading, how it was made, and one row a network."""
    members = entry["networks"]
    loss = np.array([member["loss"] for member in members.values()])
    harder = np.array([member["harder_loss"] for member in members.values()])
    above = [member for member, at in members.items() if at["last_loss"] > entry["threshold"]]
    text = f"\n## {name}\n\n"
    text += f"`{entry['task']}`, harder `{entry['harder']}`; threshold {entry['threshold']}, "
    text += f"batches of {entry['batch']}, learning rate {entry['rate']}, at most {entry['updates_at_most']} updates. "
    text += stages(entry["stages"])
    text += f"{entry['cpu_seconds']} s of CPU time, {entry['wall_seconds']} s by the clock of a busy machine: "
    text += f"`python train_ensembles.py {name}{entry.get('options', '')}`.\n\n"
    text += f"Loss {number(loss.mean())} (standard deviation {number(loss.std())}), "
    text += f"harder loss {number(harder.mean())} (standard deviation {number(harder.std())}). "
    text += ("Every network reached the threshold.\n\n" if not above else
             f"The threshold was not reached by {', '.join(above)}.\n\n")
    text += "| network | seed | updates | loss | harder loss |\n|---|---|---|---|---|\n"
    for member, at in members.items():
        text += f"| {member} | {at['seed']} | {at['updates']} | {number(at['loss'])} | {number(at['harder_loss'])} |\n"
    return text


def record(folder, name, entry):
    path = folder / "ensembles.json"
    ensembles = json.loads(path.read_text()) if path.exists() else {}
    ensembles[name] = entry
    path.write_text(json.dumps(ensembles, indent=2) + "\n")
    text = HEADER.format(**{key: entry[key] for key in ("units", "epoch", "patience")})
    (folder / "README.md").write_text(text + "".join(section(name, ensembles[name]) for name in sorted(ensembles)))
