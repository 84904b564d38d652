"""Muon: momentum whose update of each weight matrix is replaced by the nearest orthogonal matrix.

Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks": five Newton-Schulz steps with the
quintic 3.4445 x - 4.7750 x^3 + 2.0315 x^5. Matrices of one shape go through the iteration as one batch.
"""

import torch


def orthogonalise(batch, steps=5):
    """Matrices [n, rows, columns], rows <= columns, with singular values brought near 1."""
    x = batch / (batch.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


class Muon:
    def __init__(self, parameters, momentum=0.95, decay=0.01):
        self.groups = {}
        for parameter in parameters:
            self.groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self.momenta = {shape: torch.zeros(len(group), *shape) for shape, group in self.groups.items()}
        self.momentum, self.decay = momentum, decay

    @torch.no_grad()
    def step(self, rate):
        for shape, group in self.groups.items():
            gradient = torch.stack([p.grad for p in group])
            momentum = self.momenta[shape]
            momentum.lerp_(gradient, 1 - self.momentum)
            ahead = gradient.lerp(momentum, self.momentum)
            tall = shape[0] > shape[1]
            update = orthogonalise(ahead.mT if tall else ahead)
            update = (update.mT if tall else update) * max(1, shape[0] / shape[1]) ** 0.5
            for parameter, change in zip(group, update):
                parameter.mul_(1 - rate * self.decay).add_(change, alpha=-rate)
