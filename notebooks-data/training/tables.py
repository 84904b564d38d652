"""Keeps models.json and the README beside the trained models."""

import json

HEADER = """# Trained models

Small recurrent networks for trying things out and for tests, made by the scripts in `../training`, which need
torch, numpy and safetensors and use one thread of one CPU. Scores are on 512 fresh trials of the task named, in
float32. `models.json` holds the same and more.

Tensors have `torch.nn` names: `rnn.weight_ih_l0`, `rnn.weight_hh_l0`, `rnn.bias_ih_l0`, `rnn.bias_hh_l0`,
`readout.weight`, `readout.bias`; token models have `embedding.weight` (the identity). The safetensors header's
metadata name the cell (`rnnprobe.cell`), the task as the command line takes it (`rnnprobe.task`) and the seed
(`rnnprobe.seed`). The AL-RNN has `rnn.A` [M], `rnn.W` [M, M] and `rnn.h` [M] of
z' = A z + W phi(z) + h, where phi is the identity but on the last `rnnprobe.rectified_units` units, which it
rectifies; its first three units are the Lorenz system's standardised x, y, z. It is scored by a free run of
10,000 steps (0.01 time units each) against another run of the Lorenz system: D_stsp and D_H as in its paper, and the
largest Lyapunov exponent over 100,000 steps, which for the Lorenz system is 0.906 x 0.01 = 0.00906 per step.

State-regularised networks (`cell` state-regularized-gru) have `rnn.centroids` [k, unit] too, and the metadata key
`rnnprobe.temperature`: after each step of the GRU its state u becomes S^T softmax(S u / temperature), S the centroids.
tomita3-sr and tomita7-sr have one heaviest centroid or more for each state of the language's automaton; parentheses-sr tells
some of its states apart by the mixture alone, so that its heaviest centroids are no automaton of the language.
Acceptors other than tomita1-gru to tomita7-gru are also trained to judge the empty word, by the readout of the
initial state, which is zero. reber-gru says the probabilities of the next letter of a stream of Reber's words, before the first
letter too; its score is the mean Kullback-Leibler divergence of the true distribution from its own, in nats. tomita2-slightly-wrong is meant to err: it was taught that one word of the language,
101010101010, does not belong. tomita4-attention is a Hugging Face folder, a Llama of 2 layers of 4 heads, that reads `[BOS]`
and a word over 0 and 1; the logits of its tokens `reject` and `accept` after each token say whether the word so far, at
`[BOS]` the empty one, is in the language. It was trained on 32 symbols and errs on some words of more than 32.

heads-demo is a folder as Hugging Face transformers loads it, a Llama of 4 layers of 8 heads, width 128 and 500 words
(`tokenizer.json` splits at spaces and punctuation and puts `[BOS]` in front; a word it does not know becomes `[UNK]`). It retrieves
needles (`... the code for Alice is W W W W . ... what is the code for Alice ? answer :`, the words random, several
needles in a prompt), continues repeated blocks of random words, and counts through the digits 1 to 20, number words,
ordinals, days, months, capital letters and Roman numerals with words between (`third W W , fourth W , fifth ...` or
`third W fourth W fifth ...`). It knows no English, and nothing beyond 128 tokens. Its scores are accuracies on 600 fresh
sequences of 128 tokens: of a needle's first word (entry), of its later words and the closing period (continuation),
of repeated words, and of the next list item. `../training/heads_demo_model.py` says which parts are left out while
training, to make heads carry the succession and to urge each skill into few heads of the last two layers;
`../training/evaluate_heads_demo.py` scores and prunes the heads with transformers, on `../inputs/heads-demo`.

| name | cell | units | parameters | task | seed | wall time (s) | score | command |
|---|---|---|---|---|---|---|---|---|
"""


def record(folder, name, entry):
    path = folder / "models.json"
    models = json.loads(path.read_text()) if path.exists() else {}
    models[name] = entry
    path.write_text(json.dumps(models, indent=2, sort_keys=True) + "\n")
    rows = []
    for name in sorted(models):
        m = models[name]
        score = ", ".join(f"{key.replace('_', ' ')} {value:.3g}" for key, value in m["score"].items())
        rows.append(f"| {name} | {m['cell']} | {m['units']} | {m['parameters']} | `{m['task']}` | {m['seed']} "
                    f"| {m['wall_seconds']} | {score} | `{m['command']}` |\n")
    notes = ""
    for name in sorted(models):
        census = models[name].get("fixed_points_at_zero_input")
        if census:
            kinds = ", ".join(f"{n} with {k} unstable" for k, n in census["by_unstable_dimension"].items())
            notes += f"- {name}: {census['found']} fixed points at zero input ({kinds} directions).\n"
        if "words_to_length_16_wrong" in models[name]:
            notes += f"- {name}: {models[name]['words_to_length_16_wrong']} of all words to length 16 wrong"
            shortest = models[name].get("shortest_wrong_word")
            notes += f", a shortest one is {shortest}.\n" if shortest else ".\n"
    if notes:
        notes = "\nChecked by the training script:\n\n" + notes
    (folder / "README.md").write_text(HEADER + "".join(rows) + notes)
