#!/usr/bin/env python3
"""Makes the folder Embeddings: small arrays as numpy saves them, text as gensim and GloVe write it,
and numbers with the float32 nearest to each.

Usage: make-embedding-fixtures.py
Needs: numpy.
"""
import fractions
import json
import pathlib
import random

import numpy as np

HERE = pathlib.Path(__file__).parent / "Embeddings"
HERE.mkdir(exist_ok=True)


def nearest(text):
    """The bits of the float32 nearest to a decimal number, ties to even, by exact fractions."""
    exact = fractions.Fraction(text)
    guess = np.float32(float(text))
    choices = [guess, np.nextafter(guess, np.float32(np.inf)), np.nextafter(guess, np.float32(-np.inf))]
    best = min((c for c in choices if np.isfinite(c)), key=lambda c: (
        abs(fractions.Fraction(float(c)) - exact), int(c.view(np.uint32)) & 1))
    bits = int(best.view(np.uint32))
    return bits | 0x80000000 if text.startswith("-") else bits


def numbers():
    choose = random.Random(5)
    for text in ["0", "-0", "+1", "1.", ".5", "-.5e1", "1e0", "1E+2", "1e-45", "1e-50", "7e-46", "3.4028235e38",
                 "1.17549435e-38", "16777217", "16777219", "0.1", "1.00000005960464477539", "1.00000017881393432617",
                 "1.00000005960464477539062500000001", "000123.4500", "123456789012345678901234567890", "1e-400"]:
        yield text
    for _ in range(300):
        yield f"{choose.gauss(0, 1):.{choose.randint(1, 18)}f}"
    for _ in range(200):
        yield f"{choose.uniform(-1, 1):.{choose.randint(1, 17)}e}"[:-2] + str(choose.randint(10, 37))
    for _ in range(100):
        # Halfway between two floats, and a hair beside it.
        low = np.float32(choose.uniform(0.5, 2))
        middle = (fractions.Fraction(float(low)) + fractions.Fraction(float(np.nextafter(low, np.float32(3))))) / 2
        digits = f"{int(middle * 10 ** 30):031d}"
        yield f"{digits[:-30]}.{digits[-30:]}"
        yield f"{digits[:-30]}.{digits[-30:]}{choose.choice(['01', '001'])}"


rows = np.random.default_rng(6).normal(size=(5, 3))
rows[1, 2], rows[3, 0] = 0, 1e-30
for kind in ["f2", "f4", "f8"]:
    np.save(HERE / f"{kind}.npy", rows.astype("<" + kind))
np.save(HERE / "fortran.npy", np.asfortranarray(rows.astype("<f4")))
np.save(HERE / "big-endian.npy", rows.astype(">f4"))
np.save(HERE / "objects.npy", np.array([["a", 1]], dtype=object), allow_pickle=True)
np.save(HERE / "records.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<f4")]))
for version in [2, 3]:
    with open(HERE / f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, rows.astype("<f4"), version=(version, 0))

words = ["the", "New_York", "König", ".", "of"]
single = rows.astype(np.float32)
# gensim's save_word2vec_format(binary=False): numpy's shortest spelling of each float32.
lines = [f"{word} {' '.join(str(value) for value in row)}\n" for word, row in zip(words, single)]
(HERE / "gensim.txt").write_text(f"5 3\n{''.join(lines)}")
(HERE / "glove.txt").write_text("".join(lines).replace("New_York", "at name@domain.com"))
(HERE / "expected.json").write_text(json.dumps({
    "numpy": np.__version__,
    "words": words,
    "bits": {kind: rows.astype(kind).astype(np.float32).view(np.uint32).ravel().tolist()
             for kind in ["f2", "f4", "f8"]},
    "numbers": {text: nearest(text) for text in numbers()},
}, indent=0) + "\n")
