"""Learning and minimising random DFAs: rnnprobe against AALpy, on the same machines.

    python scripts/benchmarks/automata.py BINARIES [--long] [--sizes 500,2000]

BINARIES is the folder of rnnprobe's release binaries. Machines have 5 symbols and are drawn as for the tests' fixtures. L* and
KV take counterexamples apart as Rivest and Schapire do and ask an oracle that knows the machine: AALpy's compares both
machines pair by pair, ours matches states. RPNI gets the same characteristic sample. Minimising gets a machine whose states were
doubled. AALpy is timed once, and only where it takes seconds; --long also times its KV beyond 500 states (minutes), RPNI
at 500 and minimising at 989. Needs aalpy 2.0.0.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "fixtures"))
try:
    import aalpy  # noqa: F401
    import make_learner_fixtures as peers
    from aalpy.learning_algs import run_KV, run_Lstar, run_RPNI
    from aalpy.oracles import PerfectKnowledgeEqOracle
    from aalpy.SULs import AutomatonSUL
except ImportError:
    sys.exit("automata.py needs aalpy 2.0.0: it draws the machines with the script of the tests' fixtures")

arguments = argparse.ArgumentParser()
arguments.add_argument("binaries", type=Path)
arguments.add_argument("--long", action="store_true")
arguments.add_argument("--sizes", default="500,2000")
# Other scripts take a checkout here; this one needs none.
arguments, _ = arguments.parse_known_args()
SYMBOLS = 5


def draw(states, seed=1):
    while not peers.is_minimal(*peers.draw(states, SYMBOLS, seed)):
        seed += 1000
    return peers.draw(states, SYMBOLS, seed)


def doubled(rows, accepts, copies):
    """The machine with `copies` of its states doubled, every transition into a random copy."""
    source = random.Random(99)
    twins = {state: len(rows) + place for place, state in enumerate(source.sample(range(len(rows)), copies))}
    table = rows + [rows[state] for state in twins]
    table = [[twins[t] if t in twins and source.random() < 0.5 else t for t in row] for row in table]
    return table, accepts + [accepts[state] for state in twins]


def write(folder, rows, accepts):
    path = Path(folder) / "machine"
    lines = [f"{len(rows)} {SYMBOLS}", "".join(map(str, accepts))] + [" ".join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n")
    return path


def run(row, accepts, word):
    state = 0
    for symbol in word:
        state = row[state][symbol]
    return accepts[state]


def characteristic(rows, accepts):
    """Access words, alone and with each symbol, each with words that tell all states apart."""
    access = {0: ()}
    queue = [0]
    for state in queue:
        for symbol, target in enumerate(rows[state]):
            if target not in access:
                access[target] = (*access[state], symbol)
                queue.append(target)
    suffixes = [()]
    classes = list(accepts)
    while len(set(classes)) < len(rows):
        # One more suffix for two states that are not told apart yet: the first symbol under which their classes differ.
        keys = {}
        for state, number in enumerate(classes):
            keys.setdefault(number, []).append(state)
        known = {state: tuple(run_from(rows, accepts, state, s) for s in suffixes) for state in range(len(rows))}
        found = None
        for members in keys.values():
            for state in members[1:]:
                for symbol in range(SYMBOLS):
                    one, other = known[rows[members[0]][symbol]], known[rows[state][symbol]]
                    if one != other:
                        found = (symbol, *suffixes[[a == b for a, b in zip(one, other)].index(False)])
                        break
                if found:
                    break
            if found:
                break
        suffixes.append(found)
        signatures = [tuple(run_from(rows, accepts, state, s) for s in suffixes) for state in range(len(rows))]
        numbers = {signature: number for number, signature in enumerate(dict.fromkeys(signatures))}
        classes = [numbers[signature] for signature in signatures]
    words = {a + middle + s for a in access.values() for middle in [(), *((x,) for x in range(SYMBOLS))] for s in suffixes}
    return [(word, bool(run(rows, accepts, word))) for word in sorted(words, key=lambda w: (len(w), w))]


def run_from(rows, accepts, state, word):
    for symbol in word:
        state = rows[state][symbol]
    return accepts[state]


def ours(path, *options):
    command = [arguments.binaries / "benchmark", "automata", path, *options]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[0]: (float(line.split()[3]), line) for line in lines}


def timed(body):
    begin = time.perf_counter()
    body()
    return time.perf_counter() - begin


def learn(learner, rows, accepts):
    target = peers.machine(rows, accepts)
    alphabet = list(range(SYMBOLS))
    system = AutomatonSUL(target)
    oracle = PerfectKnowledgeEqOracle(alphabet, system, target)
    return timed(lambda: learner(alphabet, system, oracle, automaton_type="dfa", cex_processing="rs", print_level=0))


def report(line, mine, theirs):
    ratio = f"; AALpy {theirs:.3f} s, {theirs / mine:,.0f} times as long" if theirs else "; AALpy not timed"
    print(line + ratio, flush=True)


for states in map(int, arguments.sizes.split(",")):
    rows, accepts = draw(states)
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(write(folder, rows, accepts))
    for name, learner, limit in (("L*", run_Lstar, 2000), ("KV", run_KV, 500)):
        theirs = learn(learner, rows, accepts) if states <= limit or arguments.long else None
        report(mine[name][1], mine[name][0], theirs)

with tempfile.TemporaryDirectory() as folder:
    print(ours(write(folder, *draw(10_000)), "--methods", "L*", "--repeats", "1")["L*"][1], flush=True)

for states in (100, 500):
    rows, accepts = draw(states)
    sample = characteristic(rows, accepts)
    with tempfile.TemporaryDirectory() as folder:
        text = [f"{len(sample)} {SYMBOLS}"] + [" ".join(map(str, (int(l), len(w), *w))) for w, l in sample]
        words = Path(folder) / "sample"
        words.write_text("\n".join(text) + "\n")
        mine = ours(write(folder, rows, accepts), "--methods", "", "--sample", words)["RPNI"]
    is_timed = states < 500 or arguments.long
    theirs = timed(lambda: run_RPNI(sample, automaton_type="dfa", print_info=False)) if is_timed else None
    report(mine[1], mine[0], theirs)

for states, copies in ((100, 95), (500, 489)):
    table, accepts = doubled(*draw(states), copies)
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(write(folder, table, accepts), "--methods", "minimize")["minimize"]
    theirs = timed(peers.machine(table, accepts).minimize) if states < 500 or arguments.long else None
    report(mine[1], mine[0], theirs)
