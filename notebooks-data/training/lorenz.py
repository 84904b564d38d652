"""The AL-RNN of the Lorenz system: data, training, and how near the freely running model comes to the data.

Almost-linear RNN (Brenner et al. 2024, arXiv 2410.14240): z' = A z + W phi(z) + h, where phi is the identity on
the first M - P units and rectifies the last P. The first three units are read as x, y, z. Trained through time
with sparse teacher forcing: every `forcing` steps those three are set to the data.
"""

import numpy as np
import torch

import networks

UNITS, RECTIFIED, FORCING, LENGTH, STEP = 20, 2, 16, 200, 0.01


def lorenz_data(random, steps, discarded=1000):
    """[steps, 3], standardised, by the classical Runge-Kutta method with step 0.01 (sigma 10, rho 28, beta 8/3)."""

    def flow(v):
        x, y, z = v
        return np.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])

    state = np.array([1.0, 1.0, 25.0]) + random.standard_normal(3)
    rows = []
    for step in range(discarded + steps):
        k1 = flow(state)
        k2 = flow(state + STEP / 2 * k1)
        k3 = flow(state + STEP / 2 * k2)
        k4 = flow(state + STEP * k3)
        state = state + STEP / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        if step >= discarded:
            rows.append(state)
    data = np.array(rows)
    return (data - data.mean(0)) / data.std(0)


class AlmostLinear(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.A = torch.nn.Parameter(torch.empty(UNITS).uniform_(0.5, 0.9))
        self.W = torch.nn.Parameter(0.1 * torch.randn(UNITS, UNITS) / UNITS**0.5)
        self.h = torch.nn.Parameter(torch.zeros(UNITS))

    def forward(self, z):
        phi = torch.cat([z[:, :-RECTIFIED], torch.relu(z[:, -RECTIFIED:])], 1)
        return torch.addmm(self.h, phi, self.W.T) + self.A * z


@torch.jit.script
def forced_run(data, A, W, h, begin, rectified: int, forcing: int):
    """Predictions of data[:, 1:], with the observed units set to the data every `forcing` steps.

    The other units begin as a linear map of the first observation.
    """
    batch, steps, observed = data.shape
    units = A.shape[0]
    z = data[:, 0] @ begin.t()
    predictions = []
    for t in range(steps - 1):
        if t % forcing == 0:
            z = torch.cat([data[:, t], z[:, observed:]], 1)
        phi = torch.cat([z[:, : units - rectified], torch.relu(z[:, units - rectified :])], 1)
        z = torch.addmm(h, phi, W.t()) + A * z
        predictions.append(z[:, :observed])
    return torch.stack(predictions, 1)


def free_run(model, start, steps):
    """A float64 run of the trained map, and the largest Lyapunov exponent per step along it."""
    a, w, h = (p.detach().double().numpy() for p in (model.A, model.W, model.h))
    z, tangent, growth, rows = start.copy(), np.ones(UNITS) / UNITS**0.5, 0.0, []
    for _ in range(steps):
        gate = np.ones(UNITS)
        gate[-RECTIFIED:] = z[-RECTIFIED:] > 0
        tangent = a * tangent + w @ (gate * tangent)
        z = a * z + w @ (gate * z) + h
        size = np.linalg.norm(tangent)
        growth += np.log(size)
        tangent /= size
        rows.append(z)
    return np.array(rows), growth / steps


def attractor(model, observation, steps, discarded=1000):
    """The observed units of a free run after its transient, and the largest Lyapunov exponent per step."""
    start = np.zeros(UNITS)
    start[:3] = observation
    transient, _ = free_run(model, start, discarded)
    run, exponent = free_run(model, transient[-1], steps)
    return run[:, :3], exponent


def divergence(truth, generated, bins=30, alpha=1e-5):
    """Kullback-Leibler divergence between binned occupations of state space, nats (D_stsp with `bins` a side)."""
    low, high = truth.min(0), truth.max(0)

    def occupation(points):
        inside = points[((points >= low) & (points <= high)).all(1)]
        counts = np.histogramdd(inside, bins=bins, range=list(zip(low, high)))[0].ravel()
        smoothed = counts + alpha
        return smoothed / smoothed.sum()

    p, q = occupation(truth), occupation(generated)
    return float((p * np.log(p / q)).sum())


def hellinger(truth, generated, width=20):
    """Mean over the variables of the Hellinger distance between smoothed power spectra (D_H)."""
    kernel = np.exp(-0.5 * (np.arange(-4 * width, 4 * width + 1) / width) ** 2)
    kernel /= kernel.sum()

    def spectrum(series):
        power = np.abs(np.fft.rfft((series - series.mean()) / series.std()))[1:] ** 2
        power = np.convolve(power, kernel, mode="same")
        return power / power.sum()

    pairs = [(spectrum(t), spectrum(g)) for t, g in zip(truth.T, generated.T)]
    return float(np.mean([np.sqrt(max(0.0, 1 - np.sqrt(p * q).sum())) for p, q in pairs]))


def train_and_save(path, seed, updates=8000, batch=32, noise=0.05, rate=1e-2):
    seed = 1 if seed is None else seed
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    data = lorenz_data(random, 100_000)
    model = AlmostLinear()
    begin = torch.nn.Parameter(0.1 * torch.randn(UNITS, 3))  # needed to train only
    optimizer = torch.optim.RAdam([*model.parameters(), begin], lr=rate)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, (1e-4 / rate) ** (1 / updates))
    best = (float("inf"), None)
    for update in range(updates):
        begins = random.integers(0, len(data) - LENGTH - 1, batch)
        window = np.stack([data[b : b + LENGTH] for b in begins])
        target = torch.from_numpy(window[:, 1:]).float()
        forced = torch.from_numpy(window + noise * random.standard_normal(window.shape)).float()
        predictions = forced_run(forced, model.A, model.W, model.h, begin, RECTIFIED, FORCING)
        loss = ((predictions - target) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        # A low loss over short stretches does not make a good attractor: the weights kept are those whose free
        # run is nearest to the training data in state space.
        if update % 125 == 124 and update > updates // 3:
            observed, exponent = attractor(model, data[0], 10_000)
            distance = divergence(data[:10_000], observed)
            print(f"{update:6d} {loss.item():.3e} D_stsp {distance:.3f} exponent {exponent:.5f}", flush=True)
            if distance < best[0]:
                best = (distance, [p.detach().clone() for p in model.parameters()])
    if best[1] is None:
        raise SystemExit("no free run stayed finite: train longer, or from another seed")
    for parameter, value in zip(model.parameters(), best[1]):
        parameter.data = value
    truth = lorenz_data(random, 100_000)[:10_000]  # another run, standardised over its whole length
    observed, exponent = attractor(model, truth[0], 100_000)
    observed = observed[:10_000]
    parameters = sum(p.numel() for p in model.parameters())
    networks.save(path, {f"rnn.{name}": value for name, value in model.named_parameters()}, "alrnn", None, seed,
                  {"rnnprobe.rectified_units": str(RECTIFIED)})
    return {"cell": "alrnn", "units": UNITS, "task": "none: the Lorenz system", "seed": seed,
            "parameters": parameters,
            "score": {"D_stsp": divergence(truth, observed), "D_H": hellinger(truth, observed),
                      "largest_Lyapunov_exponent_per_step": float(exponent)}}
