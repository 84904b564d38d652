"""The automaton of trained 2 x 50 GRUs on Tomita's languages: rnnprobe against the published white-box extractor.

    python scripts/benchmarks/extraction.py BINARIES [--peer FOLDER] [--models FOLDER] [--languages 1,2,3,4,5,6,7]

BINARIES is the folder of rnnprobe's release binaries; --peer names a checkout of tech-srl/lstar_extraction (Weiss, Goldberg
and Yahav, ICML 2018), which is run as it is, but for Python 3.8 having no time.clock and for graphviz, which it imports to
draw. It has no licence: it is not part of this project. Without --peer rnnprobe alone is timed. The networks are trained here
(seed 1, about half a minute each on an idle core) unless --models has them already. The peer steps the network with numpy, a
symbol at a time, as its interface wants. Then rnnprobe checks all 131,071 words of length <= 16 of each network against the
machine that it extracted. Needs torch, safetensors; for the peer scikit-learn.
"""

import argparse
import contextlib
import io
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest.mock

import numpy as np
import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "notebooks-data" / "training"))
import tasks  # noqa: E402


class Acceptor(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = torch.nn.GRU(2, 50, num_layers=2, batch_first=True)
        self.readout = torch.nn.Linear(50, 2)

    def forward(self, tokens):
        return self.readout(self.rnn(torch.nn.functional.one_hot(tokens, 2).float())[0])


def train(language, path):
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    network = Acceptor()
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(1200):
        tokens, targets, _ = tasks.acceptor(random, 64, tasks.TOMITA[language])
        logits = network(torch.from_numpy(np.ascontiguousarray(tokens)))
        labels = torch.from_numpy(np.ascontiguousarray(targets)).argmax(2)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    tensors = dict(network.state_dict())
    tensors["embedding.weight"] = torch.eye(2)
    save_file(tensors, path, metadata={"rnnprobe.cell": "gru", "rnnprobe.task": f"tomita:n={language}"})


class Peer:
    """The network as the published extractor wants it: states and verdicts, one symbol at a time."""

    alphabet = "01"

    def __init__(self, path):
        self.weights = {name: tensor.numpy() for name, tensor in load_file(path).items()}

    def verdict(self, state):
        logits = self.weights["readout.weight"] @ state[50:] + self.weights["readout.bias"]
        return bool(logits[1] > logits[0])

    def get_first_RState(self):
        state = np.zeros(100, np.float32)
        return state.tolist(), self.verdict(state)

    def get_next_RState(self, state, symbol):
        w, state = self.weights, np.asarray(state, np.float32)
        x = np.eye(2, dtype=np.float32)[int(symbol)]
        layers = []
        for layer in range(2):
            h = state[50 * layer:50 * layer + 50]
            i = w[f"rnn.weight_ih_l{layer}"] @ x + w[f"rnn.bias_ih_l{layer}"]
            r = w[f"rnn.weight_hh_l{layer}"] @ h + w[f"rnn.bias_hh_l{layer}"]
            gates = 1 / (1 + np.exp(-(i[:100] + r[:100])))
            new = np.tanh(i[100:] + gates[:50] * r[100:])
            x = (1 - gates[50:]) * new + gates[50:] * h
            layers.append(x)
        state = np.concatenate(layers)
        return state.tolist(), self.verdict(state)

    def classify_word(self, word):
        state, verdict = self.get_first_RState()
        for symbol in word:
            state, verdict = self.get_next_RState(state, symbol)
        return verdict


def run_peer(folder, path):
    sys.path.insert(0, str(folder))
    time.clock = time.process_time
    sys.modules.setdefault("graphviz", unittest.mock.MagicMock())
    import IPython.display  # noqa: F401  (the peer imports it to draw)
    from DFA import DFA
    from Extraction import extract

    DFA.draw_nicely = lambda *_, **__: None  # as its README has it for extraction alone
    network = Peer(path)
    # Its notebook's choice: the shortest positive and the shortest negative word.
    words = ["".join(w) for n in range(8) for w in itertools.product("01", repeat=n)]
    examples = [next(w for w in words if network.classify_word(w) is verdict) for verdict in (True, False)]
    begin = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        machine = extract(network, starting_examples=examples)
    return len(machine.Q), time.perf_counter() - begin


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--peer", type=pathlib.Path)
    parser.add_argument("--models", type=pathlib.Path)
    parser.add_argument("--languages", default="1,2,3,4,5,6,7")
    # Other scripts take a checkout here; this one has an option for its own.
    arguments, _ = parser.parse_known_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        models = arguments.models or pathlib.Path(scratch)
        models.mkdir(parents=True, exist_ok=True)
        for language in map(int, arguments.languages.split(",")):
            path = models / f"tomita{language}-gru-2x50.safetensors"
            if not path.exists():
                train(language, path)
            command = [arguments.binaries / "benchmark", "extraction", path, "--threads", "2"]
            own = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
            print(f"tomita {language}, rnnprobe: " + own.replace("\n", "\n    "))
            if arguments.peer:
                states, seconds = run_peer(arguments.peer.resolve(), path)
                ratio = seconds / float(re.search(r"steps, ([0-9.e-]+) s", own)[1])
                print(f"    peer: {states} states, {seconds:.4f} s; {ratio:.0f} x", flush=True)
