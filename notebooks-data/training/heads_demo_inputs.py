"""Writes the committed inputs of the heads-demo model: `python heads_demo_inputs.py [--seed N] [--folder FOLDER]`.

needles.jsonl  {"prompt": [ids], "needle_start": s, "needle_end": e, "max_new_tokens": n, "length": l, "depth": d}
               (`needle_end` exclusive, [BOS] included, `depth` the percentage of the filler before the needle); four lengths
               by five depths, three cases each, every prompt with two or three needles of which one is asked for
repeats.jsonl  {"tokens": [ids], "targets": [next id or -1]}: blocks of random words repeated at changing lags
lists.jsonl    the same for counting, eight sequences of each list, with its name in "list"
lists.txt      one line of text for each list, for `--text`
"""

import argparse
import json
import pathlib

import numpy as np

import heads_demo_data as data


def needles(random):
    for length in (48, 64, 96, 128):
        for depth in (0.0, 0.25, 0.5, 0.75, 1.0):
            for case in range(3):
                words = 4 + case % 2
                prompt, start, end, _ = data.needle_case(
                    random, length - words, 2 if length < 64 else 3, depth, words)
                yield {"prompt": prompt, "needle_start": start, "needle_end": end, "max_new_tokens": words,
                       "length": length - words, "depth": round(100 * depth)}


def lists(random):
    for name in data.LISTS:
        for number in range(8):
            tokens, targets, _ = data.list_sequence(random, 64, only=name, separated=number % 2 == 0)
            yield {"tokens": tokens, "targets": targets, "list": name}


def repeats(random):
    for number in range(32):
        tokens, targets, _ = data.repeat_sequence(random, (64, 96, 128)[number % 3])
        yield {"tokens": tokens, "targets": targets}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--folder", type=pathlib.Path,
                        default=pathlib.Path(__file__).parent.parent / "inputs" / "heads-demo")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    counting = list(lists(np.random.default_rng(arguments.seed + 2)))
    for name, cases in [("needles", needles(np.random.default_rng(arguments.seed))),
                        ("repeats", repeats(np.random.default_rng(arguments.seed + 1))), ("lists", counting)]:
        lines = [json.dumps(case, separators=(",", ":"), default=int) + "\n" for case in cases]
        (arguments.folder / f"{name}.jsonl").write_text("".join(lines))
    texts = [" ".join(data.WORDS[t] for t in case["tokens"][1:]) for case in counting[::8]]
    (arguments.folder / "lists.txt").write_text("\n".join(texts) + "\n")


if __name__ == "__main__":
    main()
