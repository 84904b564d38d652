"""Writes h5py-capture.h5: a capture as a user's own PyTorch hooks would write it.

Fixed-length text, booleans, big-endian numbers, one-piece and gzip-compressed datasets, missing optional parts.
Run with h5py 3 and numpy 2: python make_h5py_capture.py
"""

import pathlib

import h5py
import numpy as np

path = pathlib.Path(__file__).with_name("h5py-capture.h5")
trial, time, unit = np.meshgrid(np.arange(3), np.arange(4), np.arange(5), indexing="ij")
values = trial * 100 + time * 10 + unit

with h5py.File(path, "w") as file:
    file.attrs["format"] = np.bytes_(b"rnnprobe-capture")
    file.attrs["format_version"] = np.int32(1)
    file.attrs["complete"] = True
    file.attrs["command"] = np.array([b"by hand"], dtype="S9")
    model = file.create_group("model")
    model.attrs["family"] = "gru"
    model.attrs["config"] = "{}"
    model["weights/rnn.weight_hh_l0"] = np.eye(2, dtype="f4")
    model["weights/rnn.bias_hh_l0"] = np.array([0.1, 0.2])
    sites = file.create_group("sites")
    sites.create_dataset("layers.0.hidden", data=values.astype(">f8"))
    half = sites.create_dataset("layers.1.hidden", data=values.astype("f2"), chunks=(3, 2, 5), compression="gzip")
    half.attrs["units"] = "Hz"
    half.attrs["axes"] = ["trial", "time", "unit"]
    brain = (values.astype("f4").view("u4") >> 16).astype("u2")
    sites.create_dataset("readout", data=brain, chunks=(1, 4, 5), shuffle=True, compression="gzip").attrs[
        "dtype"
    ] = "bfloat16"
    sites.create_dataset("layers.0.gates.update", data=values > 200)
    file["inputs/tokens"] = (values[:, :, 0] % 3).astype("u1")
    file["inputs/lengths"] = np.array([4, 2, 3], dtype="i4")
    file["inputs/done"] = np.array([True, True, False])
    file["inputs/labels"] = np.array([1, 0, 1], dtype="u2")
    file["inputs/vocabulary/id"] = np.array([0, 2])
    file["inputs/vocabulary/text"] = np.array([b"zero", b"two\x00"], dtype="S5")
