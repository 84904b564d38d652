"""A rate network that keeps Dale's law: two excitatory pools that hold each other down through inhibitory units.

    h' = (1 - a) h + a relu(U h + W x + b),   U[i, j] >= 0 for excitatory j, <= 0 for inhibitory j

It remembers which pool was pulsed last. Try it, from the folder of this file:

    rnnprobe analyze fixed-points --map 'python dale_rnn.py' -o report
    rnnprobe analyze spectra --map 'python dale_rnn.py' -o spectra

`python dale_rnn.py weights.npz` writes the weights instead, under the names of rnnprobe's own `leaky-rate` cell.
"""
import sys
import numpy as np
import rnnprobe_map

POOL, INHIBITORY, LEAK = 8, 4, 0.2


class DaleNetwork:
    dimension, inputs, smooth = 2 * POOL + INHIBITORY, 2, False
    alphabet, outputs = ["left", "right", "wait"], ["left", "right"]

    def __init__(self, seed=0):
        random = np.random.default_rng(seed)
        pool = np.repeat([0, 1], POOL)
        magnitude = np.zeros((self.dimension, self.dimension))
        magnitude[:2 * POOL, :2 * POOL] = 1.5 / POOL * (pool[:, None] == pool)  # A pool excites itself.
        magnitude[2 * POOL:, :2 * POOL] = 1 / POOL  # All excite the inhibitory units,
        magnitude[:2 * POOL, 2 * POOL:] = 1 / INHIBITORY  # which hold all down.
        magnitude *= random.uniform(0.9, 1.1, magnitude.shape)
        self.recurrent = magnitude * np.where(np.arange(self.dimension) < 2 * POOL, 1, -1)
        self.weight = np.zeros((self.dimension, 2))
        self.weight[np.arange(2 * POOL), pool] = 1
        self.bias = np.where(np.arange(self.dimension) < 2 * POOL, 0.5, 0)

    def step(self, states, x):
        drive = states @ self.recurrent.T + self.weight @ x + self.bias
        return (1 - LEAK) * states + LEAK * np.maximum(drive, 0)

    def jacobian(self, states, x):
        active = states @ self.recurrent.T + self.weight @ x + self.bias > 0
        return (1 - LEAK) * np.eye(self.dimension) + LEAK * active[:, :, None] * self.recurrent

    def input_jacobian(self, states, x):
        return LEAK * (states @ self.recurrent.T + self.weight @ x + self.bias > 0)[:, :, None] * self.weight

    def states(self, count, seed):
        """Where pulses of random strength and some rest lead."""
        random = np.random.default_rng(seed)
        states = random.uniform(0, 1, (count, self.dimension))
        for length in range(40):
            pulse = random.uniform(-1, 1, (count, 2)) * (length < 10)
            drive = states @ self.recurrent.T + pulse @ self.weight.T + self.bias
            states = (1 - LEAK) * states + LEAK * np.maximum(drive, 0)
        return states

    def answer(self, words):
        """Which pool is ahead after each word; each symbol lasts thirty steps, and the left pool is ahead at first."""
        states = np.zeros((len(words), self.dimension))
        longest = max(map(len, words))
        pulses = np.array([[1, 0], [0, 1], [0, 0], [0, 0]])  # left, right, wait, and nothing once a word is over
        symbols = np.array([[0] + list(word) + [3] * (longest - len(word)) for word in words])
        ahead = np.zeros(len(words))
        for position in range(longest + 1):
            for _ in range(30):
                drive = states @ self.recurrent.T + pulses[symbols[:, position]] @ self.weight.T + self.bias
                states = (1 - LEAK) * states + LEAK * np.maximum(drive, 0)
            difference = states[:, :POOL].mean(1) - states[:, POOL:2 * POOL].mean(1)
            ends = np.array([len(word) == position for word in words])
            ahead[ends] = difference[ends]
        return (ahead < 0).astype(int), abs(ahead)


if __name__ == "__main__":
    network = DaleNetwork()
    if len(sys.argv) > 1:
        np.savez(sys.argv[1], weight_hh=network.recurrent, weight_ih=network.weight, bias_ih=network.bias,
                 tau=np.array([1 / LEAK]))
    else:
        rnnprobe_map.serve(network, "dale")
