"""A PyTorch network with short-term synaptic plasticity, its Jacobian by automatic differentiation.

Each unit has a rate h, available resources x and utilisation u (Mongillo, Barak & Tsodyks 2008,
doi:10.1126/science.1150769, in the discrete form of Masse et al. 2019, doi:10.1038/s41593-019-0414-3):

    h' = (1 - a) h + a tanh(W (u x h) + B s + b)
    x' = x + dt ((1 - x) / tau_x - u x h),   u' = u + dt ((U - u) / tau_u + U (1 - u) h)

    rnnprobe analyze fixed-points --map 'python plastic_rnn.py' -o report
"""
import torch
import rnnprobe_map

torch.set_num_threads(1)  # The questions are small; several threads would wait for one another.

UNITS, LEAK, STEP, RECOVERY, FACILITATION, BASELINE = 12, 0.2, 0.02, 0.2, 1.5, 0.2


class PlasticCell(torch.nn.Module):
    """Any module of your own can stand here; only its precision matters: f64."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.recurrent = torch.nn.Parameter(4 * torch.randn(UNITS, UNITS) / UNITS ** 0.5)
        self.input = torch.nn.Linear(2, UNITS)

    def forward(self, state, s):
        h, x, u = state.split(UNITS, -1)
        drive = (u * x * h) @ self.recurrent.T + self.input(s)
        rate = torch.relu(h)
        return torch.cat([
            (1 - LEAK) * h + LEAK * torch.tanh(drive),
            x + STEP * ((1 - x) / RECOVERY - u * x * rate),
            u + STEP * ((BASELINE - u) / FACILITATION + BASELINE * (1 - u) * rate)], -1)


class PlasticNetwork:
    dimension, inputs, smooth = 3 * UNITS, 2, False

    def __init__(self):
        self.cell = PlasticCell().double().requires_grad_(False)

    def step(self, states, s):
        return self.cell(torch.from_numpy(states), torch.from_numpy(s))

    def jacobian(self, states, s):
        derivative = torch.func.jacrev(lambda state: self.cell(state, torch.from_numpy(s)))
        return torch.func.vmap(derivative)(torch.from_numpy(states))

    def states(self, count, seed):
        """Where the network is after 50 steps under inputs of its own for each state."""
        torch.manual_seed(seed)
        states = torch.cat([torch.randn(count, UNITS), torch.ones(count, UNITS),
                            torch.full((count, UNITS), BASELINE)], -1).double()
        inputs = torch.randn(count, 2).double()
        for _ in range(50):
            states = self.cell(states, inputs)
        return states


if __name__ == "__main__":
    rnnprobe_map.serve(PlasticNetwork(), "plastic")
