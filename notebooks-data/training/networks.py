"""The networks that are trained, under `torch.nn` names, and how they are written as safetensors."""

import torch
from safetensors.torch import save_file

from state_regularized import StateRegularizedGRU

CELLS = {"elman": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}


class Network(torch.nn.Module):
    """Recurrent layers with a linear readout, and an identity embedding where the inputs are tokens.

    `options` are the cell's: `num_layers` of a `torch.nn` cell, `centroids` and `temperature` of a state-regularised one.
    """

    def __init__(self, cell, inputs, units, outputs, tokens=False, **options):
        super().__init__()
        if cell == "state-regularized-gru":
            self.rnn = StateRegularizedGRU(inputs, units, **options)
        else:
            self.rnn = CELLS[cell](inputs, units, batch_first=True, **options)
        self.readout = torch.nn.Linear(units, outputs)
        if tokens:
            self.embedding = torch.nn.Embedding.from_pretrained(torch.eye(inputs), freeze=True)

    def forward(self, inputs, noise=0.0, segment=16):
        """Outputs and hidden states; `noise` is the width of the kicks given to the state every `segment` steps."""
        if hasattr(self, "embedding"):
            inputs = self.embedding(inputs)
        if noise == 0:
            hidden, _ = self.rnn(inputs)
            return self.readout(hidden), hidden
        parts, state = [], None
        for part in inputs.split(segment, dim=1):
            hidden, state = self.rnn(part, state)
            parts.append(hidden)
            if isinstance(state, tuple):
                state = tuple(s + noise * torch.randn_like(s) for s in state)
            else:
                state = state + noise * torch.randn_like(state)
        hidden = torch.cat(parts, dim=1)
        return self.readout(hidden), hidden


def save(path, tensors, cell, task, seed, extra=None):
    """Writes float32 tensors with the metadata that rnnprobe reads."""
    metadata = {"rnnprobe.cell": cell, "rnnprobe.seed": str(seed)}
    if task:
        metadata["rnnprobe.task"] = task
    metadata.update(extra or {})
    save_file({name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}, path, metadata)
