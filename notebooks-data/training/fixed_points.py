"""A plain count of a trained network's fixed points at zero input, to choose a seed by.

Batched Levenberg-Marquardt in float64, from visited states with noise of several widths, from the origin and from
points between those found; no certificate, no claim that none is missing.

A GRU moves by F(h) - h = (1 - z) * (n - h): where its update gate z saturates, F(h) - h vanishes to rounding
though h is no fixed point. The equation solved is therefore n(h) - h = 0, which has the same roots.
"""

import itertools

import torch


def equation(network, kind):
    """Maps h to (r, dr/dh, dF/dh), where r = 0 at the fixed points of F: [batch, units] in float64."""
    w = network.rnn.weight_hh_l0.detach().double()
    b_in = network.rnn.bias_ih_l0.detach().double()
    b_hh = network.rnn.bias_hh_l0.detach().double()
    units = w.shape[1]
    eye = torch.eye(units, dtype=torch.float64)

    def elman(h):
        new = torch.tanh(h @ w.T + b_in + b_hh)
        jacobian = (1 - new**2)[:, :, None] * w
        return new - h, jacobian - eye, jacobian

    def gru(h):
        w_r, w_z, w_n = w.split(units)
        recurrent = h @ w.T + b_hh
        r = torch.sigmoid(recurrent[:, :units] + b_in[:units])
        z = torch.sigmoid(recurrent[:, units : 2 * units] + b_in[units : 2 * units])
        q = recurrent[:, 2 * units :]
        n = torch.tanh(b_in[2 * units :] + r * q)
        d_n = (1 - n**2)[:, :, None] * (r[:, :, None] * w_n + (q * r * (1 - r))[:, :, None] * w_r)
        d_z = (z * (1 - z))[:, :, None] * w_z
        jacobian = torch.diag_embed(z) + (1 - z)[:, :, None] * d_n + (h - n)[:, :, None] * d_z
        return n - h, d_n - eye, jacobian

    return {"elman": elman, "gru": gru}[kind]


def solve(evaluate, starts, iterations=200):
    """The roots that the starts run into, with the residuals' infinity norms."""
    h = starts.clone()
    eye = torch.eye(h.shape[1], dtype=torch.float64)
    damping = torch.full((len(h), 1, 1), 1e-2, dtype=torch.float64)
    residual, jacobian, _ = evaluate(h)
    for _ in range(iterations):
        normal = jacobian.mT @ jacobian + damping * eye
        change = torch.linalg.solve(normal, -(jacobian.mT @ residual[:, :, None]))[:, :, 0]
        trial = h + change
        trial_residual, trial_jacobian, _ = evaluate(trial)
        better = trial_residual.norm(dim=1) < residual.norm(dim=1)
        h = torch.where(better[:, None], trial, h)
        residual = torch.where(better[:, None], trial_residual, residual)
        jacobian = torch.where(better[:, None, None], trial_jacobian, jacobian)
        damping = torch.where(better[:, None, None], damping / 5, damping * 4).clamp(1e-20, 1e8)
        if residual.abs().amax() < 1e-13:
            break
    return h, residual.abs().amax(dim=1)


def distinct(points, tolerance=1e-6):
    kept = []
    for point in points:
        if all((point - other).norm() > tolerance for other in kept):
            kept.append(point)
    return kept


def census(network, kind, states, seed=0):
    """The points found: a list of (point, number of eigenvalues outside the unit circle, nearest |modulus - 1|)."""
    generator = torch.Generator().manual_seed(seed)
    evaluate = equation(network, kind)
    states = states.detach().double()
    pick = torch.randint(len(states), (512,), generator=generator)
    starts = [torch.zeros(1, states.shape[1], dtype=torch.float64)]
    for width in (0.1, 0.5, 1.0):
        noise = torch.randn(512, states.shape[1], generator=generator, dtype=torch.float64)
        starts.append(states[pick] + width * noise)
    found = []
    batch = torch.cat(starts)
    for _ in range(5):
        roots, error = solve(evaluate, batch)
        count = len(found)
        found = distinct(found + list(roots[error < 1e-11]))
        if len(found) == count and count > 0:
            break
        pairs = list(itertools.combinations(range(min(len(found), 40)), 2))
        batch = torch.stack([(found[a] + found[b]) / 2 for a, b in pairs]) if pairs else batch
    result = []
    for point in found:
        moduli = torch.linalg.eigvals(evaluate(point[None])[2][0]).abs()
        result.append((point, int((moduli > 1).sum()), float((moduli - 1).abs().min())))
    return result
