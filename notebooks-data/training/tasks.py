"""Trials of the benchmark tasks, by the same definitions as `rnnprobe capture --task` (other random numbers).

Every generator takes a numpy Generator and a number of trials and returns float32 arrays: inputs
[trial, time, feature] (or int64 tokens [trial, time]), targets [trial, time, output] and a mask
[trial, time] of the steps that count.
"""

import numpy as np


def flip_flop(random, trials, bits=3, steps=64, pulse=0.2):
    """Each channel's output is its last pulse; every trial starts with a pulse on every channel.

    `pulse` is the probability of a pulse per step and channel, or a (low, high) pair from which each trial
    draws its own, log-uniformly.
    """
    if isinstance(pulse, tuple):
        low, high = np.log(pulse)
        probability = np.exp(random.uniform(low, high, size=(trials, 1, 1)))
    else:
        probability = pulse
    occurs = random.random((trials, steps, bits)) < probability
    occurs[:, 0] = True
    inputs = occurs * random.choice([-1.0, 1.0], size=(trials, steps, bits))
    targets = np.empty_like(inputs)
    held = np.zeros((trials, bits))
    for step in range(steps):
        held = np.where(inputs[:, step] != 0, inputs[:, step], held)
        targets[:, step] = held
    return inputs.astype("f4"), targets.astype("f4"), np.ones((trials, steps), "f4")


def sine(random, trials, channels=1, steps=100, frequencies=10, low=1.0, high=30.0, dt=0.01, in_turn=False):
    """A constant input f / high asks each channel for sin(2 pi f t), t counted from the first step.

    With `in_turn` the frequencies of successive trials go through the whole grid again and again, all channels alike.
    """
    grid = np.linspace(low, high, frequencies)
    if in_turn:
        f = np.broadcast_to(np.resize(grid, (trials, 1, 1)), (trials, 1, channels))
    else:
        f = random.choice(grid, size=(trials, 1, channels))
    inputs = np.broadcast_to(f / high, (trials, steps, channels))
    time = dt * np.arange(steps)[None, :, None]
    return inputs.astype("f4"), np.sin(2 * np.pi * f * time).astype("f4"), np.ones((trials, steps), "f4")


def delayed_discrimination(random, trials, channels=1, steps=30, low=2, high=10, delay=(5, 20)):
    """Two pulses of distinct whole amplitudes f1, f2 (scaled by 1 / high) a delay apart; then sign(f2 - f1)."""
    inputs = np.zeros((trials, steps, channels))
    targets = np.zeros((trials, steps, channels))
    first = random.integers(low, high + 1, size=(trials, channels))
    second = random.integers(low, high, size=(trials, channels))
    second += second >= first  # distinct from the first, uniform over the rest
    gaps = random.integers(delay[0], delay[1] + 1, size=trials)
    inputs[:, 0] = first / high
    for trial, gap in enumerate(gaps):
        inputs[trial, gap + 1] = second[trial] / high
        targets[trial, gap + 1 :] = np.sign(second[trial] - first[trial])
    return inputs.astype("f4"), targets.astype("f4"), np.ones((trials, steps), "f4")


def path_integration(random, trials, dimensions=2, steps=100, speed=0.2, turn=0.5, box=5.0):
    """Heading angle(s) and speed at each step; the target is the position, kept inside the box.

    A step that would leave the box has its heading mirrored at that wall, and the mirrored heading is what
    the network is told: the position is always the sum of the displacements given.
    """
    position = np.zeros((trials, dimensions))
    azimuth = random.uniform(-np.pi, np.pi, trials)
    elevation = np.zeros(trials) if dimensions == 2 else np.arcsin(random.uniform(-1, 1, trials))
    inputs = np.empty((trials, steps, dimensions))
    targets = np.empty((trials, steps, dimensions))
    for step in range(steps):
        azimuth = azimuth + turn * random.standard_normal(trials)
        if dimensions == 3:
            elevation = elevation + turn * random.standard_normal(trials)
        length = random.uniform(0, speed, trials)
        direction = np.stack([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation)], 1)
        if dimensions == 3:
            direction = np.concatenate([direction, np.sin(elevation)[:, None]], 1)
        leaves = np.abs(position + length[:, None] * direction) > box
        direction = np.where(leaves, -direction, direction)
        azimuth = np.arctan2(direction[:, 1], direction[:, 0])
        if dimensions == 3:
            elevation = np.arcsin(np.clip(direction[:, 2], -1, 1))
            inputs[:, step] = np.stack([azimuth, elevation, length], 1)
        else:
            inputs[:, step] = np.stack([azimuth, length], 1)
        position = position + length[:, None] * direction
        targets[:, step] = position
    return inputs.astype("f4"), targets.astype("f4"), np.ones((trials, steps), "f4")


# Tomita's languages as automata: next[state][symbol], accepting states; state 0 is the start, and a rejecting
# state that leads only to itself is the sink.
TOMITA = {
    1: ([[1, 0], [1, 1]], {0}),
    2: ([[2, 1], [0, 2], [2, 2]], {0}),
    3: ([[0, 1], [2, 0], [3, 4], [2, 3], [4, 4]], {0, 1, 3}),
    4: ([[1, 0], [2, 0], [3, 0], [3, 3]], {0, 1, 2}),
    5: ([[1, 2], [0, 3], [3, 0], [2, 1]], {0}),
    6: ([[1, 2], [2, 0], [0, 1]], {0}),
    7: ([[0, 1], [2, 1], [2, 3], [4, 3], [4, 4]], {0, 1, 2, 3}),
}


def dyck(depth):
    """Balanced parentheses nested at most `depth` deep, symbols ( and ): state d is the depth, the last is the sink."""
    sink = depth + 1
    table = [[d + 1 if d < depth else sink, d - 1 if d > 0 else sink] for d in range(depth + 1)]
    return table + [[sink, sink]], {0}


def with_exception(language, word):
    """The language with the membership of one word turned over: states are (state, how much of the word was read)."""
    table, accepting = language
    places = [(0, 0)]
    rows, members = [], set()
    for state, read in places:  # grows as it goes
        row = []
        for symbol in (0, 1):
            is_on_path = read is not None and read < len(word) and word[read] == symbol
            place = (table[state][symbol], read + 1 if is_on_path else None)
            if place not in places:
                places.append(place)
            row.append(places.index(place))
        if (state in accepting) != (read == len(word)):
            members.add(len(rows))
        rows.append(row)
    return rows, members


def acceptor(random, trials, language, steps=32, slip=0.1):
    """Words over two symbols; the target at each step is whether the prefix read so far is in the language.

    Each word has its own probability of the second symbol, uniform on (0, 1). A symbol that would doom the word
    (lead into the sink) is exchanged for the other one but with probability `slip`, if the other one does not doom it.
    """
    table, accepting = language
    sinks = {s for s, row in enumerate(table) if s not in accepting and set(row) == {s}}
    tokens = np.empty((trials, steps), "i8")
    targets = np.zeros((trials, steps, 2), "f4")
    for trial in range(trials):
        state, ones = 0, random.random()
        for step in range(steps):
            symbol = int(random.random() < ones)
            doomed = table[state][symbol] in sinks and table[state][1 - symbol] not in sinks
            if doomed and random.random() >= slip:
                symbol = 1 - symbol
            state = table[state][symbol]
            tokens[trial, step] = symbol
            targets[trial, step, int(state in accepting)] = 1
    return tokens, targets, np.ones((trials, steps), "f4")


def all_words(length):
    """Every word of `length` symbols, in ascending order: [2^length, length]."""
    return (np.arange(2**length)[:, None] >> np.arange(length - 1, -1, -1)) & 1


def memberships(words, language):
    """Whether each prefix of 1 to all symbols of each word is in the language: [word, time]."""
    table, accepting = np.array(language[0]), list(language[1])
    state, member = np.zeros(len(words), int), np.empty(words.shape, bool)
    for step in range(words.shape[1]):
        state = table[state, words[:, step]]
        member[:, step] = np.isin(state, accepting)
    return member


# A probabilistic language: its symbols, next[state][symbol] (None where the symbol cannot follow) and, in the same places,
# the probabilities of the next symbol. State 0 is the start.

def reber():
    """The stream of words of Reber's grammar (1967), `#` between words; the arcs that leave a node are equally probable."""
    symbols = ["P", "S", "T", "V", "X", "#"]
    arcs = [{"T": 1, "V": 2}, {"P": 1, "T": 3}, {"X": 2, "V": 4}, {"X": 2, "S": 5}, {"P": 3, "S": 5}, {"#": 0}]
    table = [[row.get(symbol) for symbol in symbols] for row in arcs]
    return symbols, table, [[(s in row) / len(row) for s in symbols] for row in arcs]


def next_symbol(random, trials, language, steps=64):
    """Streams of a probabilistic language; the target at each step is the true distribution of the symbol after it."""
    symbols, table, probabilities = language
    cumulated = np.cumsum(probabilities, axis=1)
    tokens = np.empty((trials, steps), "i8")
    targets = np.empty((trials, steps, len(symbols)), "f4")
    for trial in range(trials):
        state, draws = 0, random.random(steps)
        for step in range(steps):
            symbol = int(np.searchsorted(cumulated[state], draws[step], side="right"))
            state = table[state][symbol]
            tokens[trial, step] = symbol
            targets[trial, step] = probabilities[state]
    return tokens, targets, np.ones((trials, steps), "f4")
