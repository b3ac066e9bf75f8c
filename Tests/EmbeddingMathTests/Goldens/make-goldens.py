"""Writes goldens.json: what numpy and scipy say about small inputs with fixed seeds.

Run it in this folder: python3 make-goldens.py
"""

import json
import platform

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20240229)


def matrix(values):
    values = np.asarray(values, dtype=np.float32)
    return {"rows": values.shape[0], "columns": values.shape[1], "values": values.ravel().tolist()}


def decomposition(values):
    x = np.asarray(values, dtype=np.float32).astype(np.float64)
    _, s, vt = np.linalg.svd(x, full_matrices=False)
    largest = np.abs(vt).argmax(axis=1)
    vt *= np.sign(vt[np.arange(len(vt)), largest])[:, None]
    return {"matrix": matrix(values), "singular_values": s.tolist(), "right_vectors": vt.tolist()}


def pairs(values):
    x = np.asarray(values, dtype=np.float32).astype(np.float64)
    upper = np.triu_indices(len(x), 1)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    cosine = (unit @ unit.T)[upper]
    return {
        "matrix": matrix(values),
        "mean_dot": (x @ x.T)[upper].mean(),
        "mean_cosine": cosine.mean(),
        "variance_cosine": cosine.var(),
        "mean_pearson": np.corrcoef(x)[upper].mean(),
    }


def correlations(a, b):
    return {
        "a": a.tolist(),
        "b": b.tolist(),
        "ranks": stats.rankdata(a).tolist(),
        "pearson": stats.pearsonr(a, b).statistic,
        "spearman": stats.spearmanr(a, b).statistic,
        "kendall": stats.kendalltau(a, b).statistic,
    }


def curve(positives, negatives):
    u = stats.mannwhitneyu(positives, negatives).statistic
    return {
        "positives": positives.tolist(),
        "negatives": negatives.tolist(),
        "area": u / (len(positives) * len(negatives)),
    }


def quantiles(values):
    at = [0, 0.1, 0.25, 0.5, 0.9, 1]
    return {
        "values": values.tolist(),
        "at": at,
        "quantiles": np.quantile(values, at).tolist(),
        "median": float(np.median(values)),
    }


def xoshiro(seed, count):
    """xoshiro256** seeded by SplitMix64, from the published description."""
    mask = (1 << 64) - 1

    def rotate(x, k):
        return ((x << k) | (x >> (64 - k))) & mask

    state = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        state.append(z ^ (z >> 31))
    numbers = []
    for _ in range(count):
        numbers.append((rotate((state[1] * 5) & mask, 7) * 9) & mask)
        shifted = (state[1] << 17) & mask
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = rotate(state[3], 45)
    return numbers


goldens = {
    "versions": {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    },
    "decompositions": [
        decomposition(rng.normal(size=(40, 9)) * np.arange(9, 0, -1)),
        decomposition(rng.normal(size=(5, 23)) + 2),
        decomposition(rng.normal(size=(12, 12)) * np.arange(1, 13)),
    ],
    "pairs": [pairs(rng.normal(size=(30, 17)) + 0.5), pairs(rng.normal(size=(2, 3)))],
    "correlations": [
        correlations(rng.normal(size=25), rng.normal(size=25)),
        correlations(rng.integers(0, 5, 40).astype(float), rng.integers(0, 4, 40).astype(float)),
    ],
    "curves": [
        curve(rng.normal(size=20) + 1, rng.normal(size=33)),
        curve(rng.integers(0, 6, 30).astype(float), rng.integers(0, 6, 11).astype(float)),
    ],
    "quantiles": [quantiles(rng.normal(size=10)), quantiles(rng.integers(0, 4, 7).astype(float))],
    "xoshiro": [{"seed": seed, "numbers": xoshiro(seed, 8)} for seed in [0, 1, 2**64 - 1]],
}

with open("goldens.json", "w") as file:
    json.dump(goldens, file, indent=1)
    file.write("\n")
