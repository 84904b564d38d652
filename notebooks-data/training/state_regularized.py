"""A state-regularised gated recurrent unit (Wang and Niepert 2019, arXiv 1901.08817, eq. 2-4).

After each step the GRU's state u is replaced by a mixture of k learned centroids S [k, units]:

    alpha = softmax(u S^T / temperature)        h' = alpha S

so that at a low temperature, or with centroids far apart, the network moves between k states.
"""

import torch


class StateRegularizedGRU(torch.nn.Module):
    """One layer with the interface and the parameter names of `torch.nn.GRU(batch_first=True)`, and `centroids`.

    Centroids begin uniform in the cube (-1, 1)^units, or with `corners` at random corners of (-0.8, 0.8)^units: far
    apart, so that assignments are sharp sooner.
    """

    def __init__(self, inputs, units, centroids, temperature, corners=False):
        super().__init__()
        self.temperature = temperature
        width = units ** -0.5

        def parameter(*shape):
            return torch.nn.Parameter(torch.empty(*shape).uniform_(-width, width))

        self.weight_ih_l0 = parameter(3 * units, inputs)
        self.weight_hh_l0 = parameter(3 * units, units)
        self.bias_ih_l0 = parameter(3 * units)
        self.bias_hh_l0 = parameter(3 * units)
        begin = torch.empty(centroids, units).uniform_(-1, 1)
        self.centroids = torch.nn.Parameter(0.8 * begin.sign() if corners else begin)

    def forward(self, inputs, state=None):
        """Hidden states [batch, time, units] and the last one as `torch.nn.GRU` gives it, [1, batch, units]."""
        hidden = inputs.new_zeros(len(inputs), self.centroids.shape[1]) if state is None else state[0]
        states = []
        for step in range(inputs.shape[1]):
            raw = torch.gru_cell(inputs[:, step], hidden, self.weight_ih_l0, self.weight_hh_l0, self.bias_ih_l0,
                                 self.bias_hh_l0)
            hidden = self.assignment(raw) @ self.centroids
            states.append(hidden)
        return torch.stack(states, 1), hidden[None]

    def assignment(self, raw):
        """alpha, [..., k]."""
        return torch.softmax(raw @ self.centroids.T / self.temperature, -1)
