"""Many Elman networks side by side: h' = tanh(W_h h + W_x x + b), h_0 = 0, with a linear readout.

Every tensor has the network as its first axis, so that one batched product serves the whole ensemble. The gradients are
written out: by hand, backpropagation through time sums a weight's gradient over all steps in a single product, and
takes about half of the time that autograd does.
"""

import math

import torch


def shapes(inputs, units, outputs):
    """The parameters of one network in the order in which they are drawn and stored."""
    return {"recurrent": (units, units), "input": (units, inputs), "bias": (units,), "readout": (outputs, units),
            "readout_bias": (outputs,)}


def draw(seed, layout):
    """One network's initial parameters, flat: uniform on [-1/sqrt(units), 1/sqrt(units))."""
    bound = 1 / math.sqrt(layout["bias"][0])
    size = sum(math.prod(shape) for shape in layout.values())
    return torch.empty(size).uniform_(-bound, bound, generator=torch.Generator().manual_seed(seed))


def views(flat, layout):
    """The parameters of `flat` [network, parameter] by name, [network, ...]."""
    sizes = [math.prod(shape) for shape in layout.values()]
    return {name: part.view(-1, *shape)
            for (name, shape), part in zip(layout.items(), flat.split(sizes, dim=1), strict=True)}


def run(weights, inputs):
    """Hidden states [time + 1, network, trial, unit] and outputs [time, network, trial, output].

    `inputs` are [time, network, trial, feature]; the first hidden state is zero.
    """
    steps, networks, trials, _ = inputs.shape
    driven = inputs @ weights["input"].mT + weights["bias"][:, None]
    hidden = torch.zeros(steps + 1, networks, trials, driven.shape[3])
    transposed = weights["recurrent"].mT.contiguous()
    for step in range(steps):
        torch.baddbmm(driven[step], hidden[step], transposed, out=hidden[step + 1])
        hidden[step + 1].tanh_()
    return hidden, hidden[1:] @ weights["readout"].mT + weights["readout_bias"][:, None]


def losses(weights, inputs, targets):
    """Each network's mean squared error over trials, steps and outputs."""
    return (run(weights, inputs)[1] - targets).square().mean(dim=(0, 2, 3))


def gradient(flat, layout, inputs, targets):
    """The gradient of each network's mean squared error, [network, parameter]."""
    weights = views(flat, layout)
    hidden, outputs = run(weights, inputs)
    wrong = (outputs - targets) * (2 / (outputs.numel() / outputs.shape[1]))
    upstream = wrong @ weights["readout"]
    slope = 1 - hidden[1:].square()
    inner = torch.empty_like(upstream)  # derivative by the argument of the tanh
    torch.mul(upstream[-1], slope[-1], out=inner[-1])
    for step in range(inputs.shape[0] - 2, -1, -1):
        torch.baddbmm(upstream[step], inner[step + 1], weights["recurrent"], out=inner[step])
        inner[step].mul_(slope[step])

    def by_network(tensor):
        return tensor.transpose(0, 1).flatten(1, 2)  # [network, time * trial, unit]

    inner, wrong = by_network(inner), by_network(wrong)
    parts = {
        "recurrent": inner.mT @ by_network(hidden[:-1]), "input": inner.mT @ by_network(inputs), "bias": inner.sum(1),
        "readout": wrong.mT @ by_network(hidden[1:]), "readout_bias": wrong.sum(1)}
    return torch.cat([parts[name].flatten(1) for name in layout], dim=1)


def torch_names(weights):
    """One network's tensors under `torch.nn.RNN` names; its two biases are b and zero."""
    return {
        "rnn.weight_ih_l0": weights["input"], "rnn.weight_hh_l0": weights["recurrent"],
        "rnn.bias_ih_l0": weights["bias"], "rnn.bias_hh_l0": torch.zeros_like(weights["bias"]),
        "readout.weight": weights["readout"], "readout.bias": weights["readout_bias"]}
