"""Lets rnnprobe ask your model: `rnnprobe analyze fixed-points --map 'python your_model.py'`.

Give `serve` an object with any of the following; arrays are numpy's, in f64 (docs/outside-models.md has the framing).
As a map:    dimension, step(states [n, dimension], input [inputs]) -> next states [n, dimension]
  optional:  inputs = 0, jacobian(states, input) -> [n, dimension (next), dimension (state)],
             input_jacobian(states, input) -> [n, dimension, inputs], states(count, seed) -> [count, dimension],
             smooth = True, box = half-widths of a box that the map keeps and that holds every fixed point
Of words:    alphabet, outputs (lists of names), answer(words: lists of symbol numbers) -> output numbers, or (these, margins)
"""
import json, os, sys
import numpy as np

FUNCTIONS = {"map": ("step", "next"), "jacobian": ("jacobian", "jacobian"),
             "input_jacobian": ("input_jacobian", "input_jacobian")}


def serve(model, name=None):
    """Answers rnnprobe's questions until it closes the pipe."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What the model prints must not get between the answers.
    for line in questions:
        question = json.loads(line)
        arrays = {a["name"]: np.frombuffer(questions.read(int(np.prod(a["shape"])) * int(a["dtype"][2])), a["dtype"])
                  .reshape(a["shape"]).copy() for a in question.get("arrays", [])}
        if question["type"] == "end":
            break
        header, bodies = {"type": question["type"]}, {}
        try:
            if question["type"] == "hello":
                header.update(hello(model, name))
            elif question["type"] == "states":
                bodies["states"] = np.asarray(model.states(question["count"], question["seed"]), "<f8")
            elif question["type"] == "words":
                ends = np.cumsum(arrays["lengths"])
                labels = model.answer([word.tolist() for word in np.split(arrays["symbols"], ends[:-1])])
                outputs, margins = labels if isinstance(labels, tuple) else (labels, None)
                bodies["outputs"] = np.asarray(outputs, "<i4")
                if margins is not None:
                    bodies["margins"] = np.asarray(margins, "<f8")
            else:
                function, answer = FUNCTIONS[question["type"]]
                bodies[answer] = np.asarray(getattr(model, function)(arrays["states"], arrays["input"]), "<f8")
            header["arrays"] = [{"name": n, "dtype": b.dtype.str, "shape": b.shape} for n, b in bodies.items()]
        except Exception as error:
            header, bodies = {"type": "error", "message": f"{type(error).__name__}: {error}"}, {}
        answers.write(json.dumps(header).encode() + b"\n" + b"".join(b.tobytes() for b in bodies.values()))
        answers.flush()


def hello(model, name):
    offer = {"protocol": "rnnprobe-outside", "version": 1, "name": name or type(model).__name__}
    if hasattr(model, "step"):
        box = getattr(model, "box", None)
        offer["map"] = {"dimension": model.dimension, "inputs": getattr(model, "inputs", 0),
                        "smooth": getattr(model, "smooth", True), "box": None if box is None else list(map(float, box)),
                        **{f: hasattr(model, f) for f in ("jacobian", "input_jacobian", "states")}}
    if hasattr(model, "answer"):
        offer["words"] = {"alphabet": list(model.alphabet), "outputs": list(model.outputs)}
    return offer
