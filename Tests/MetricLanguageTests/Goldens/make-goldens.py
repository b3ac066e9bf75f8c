"""Writes goldens.json: a small model, and what numpy and scipy say about formulas on it.

Run it in this folder: python3 make-goldens.py

Every expectation is computed here from its definition, in double, without the metric language.
"""

import json
import math
import platform

import numpy as np
import scipy
from scipy import stats

MASK = (1 << 64) - 1
GOLDEN_GAMMA = 0x9E3779B97F4A7C15


class Generator:
    """xoshiro256** seeded by SplitMix64, from the published description."""

    def __init__(self, seed, stream=None):
        if stream is not None:
            seed = (Generator(seed).next() + stream * GOLDEN_GAMMA) & MASK
        self.state = []
        for _ in range(4):
            seed = (seed + GOLDEN_GAMMA) & MASK
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(z ^ (z >> 31))

    @staticmethod
    def rotate(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    def next(self):
        s = self.state
        result = (self.rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        shifted = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = self.rotate(s[3], 45)
        return result

    def below(self, bound):
        """Lemire's multiplication, with rejection of what the remainder would favour."""
        unfair = ((1 << 64) - bound) % bound
        while True:
            product = self.next() * bound
            if product & MASK >= unfair:
                return product >> 64

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def gaussian(self):
        """Marsaglia's polar method, the second number of each pair dropped."""
        while True:
            x = 2 * self.uniform() - 1
            y = 2 * self.uniform() - 1
            square = x * x + y * y
            if 0 < square < 1:
                return x * math.sqrt(-2 * math.log(square) / square)

    def permutation(self, n):
        order = list(range(n))
        for last in range(n - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def sample(self, k, n):
        """Floyd's algorithm."""
        chosen = set()
        for last in range(n - k, n):
            candidate = self.below(last + 1)
            chosen.add(last if candidate in chosen else candidate)
        return sorted(chosen)

    def direction(self, n):
        vector = np.array([self.gaussian() for _ in range(n)])
        return vector / np.linalg.norm(vector)


# The model: 48 tokens with a leading space, 32 without; a mean far from zero; two equal rows, rows
# with ties, a zero row and a constant row.

rng = np.random.default_rng(20240607)
COUNT, WIDTH, SPACED = 80, 12, 48
centre = np.array([4, -3, 2, 5, 0.5, -1, 3, 1, -2, 6, 0, 2.5])
E32 = (rng.normal(size=(COUNT, WIDTH)) * np.linspace(2, 0.5, WIDTH) + centre).astype(np.float32)
E32[1:SPACED:2] += 0.6 * (E32[0:SPACED:2] - E32[1:SPACED:2])  # words of a pair are alike
E32[SPACED:] += np.float32(0.4)
E32[21] = E32[20]
E32[30:36] = np.round(E32[30:36])
E32[60:64] = np.round(E32[60:64] * 2) / 2
E32[70] = 0
E32[71] = 1.25
P32 = (rng.normal(size=(10, WIDTH)) - 1).astype(np.float32)
I32 = rng.normal(size=(WIDTH, 20)).astype(np.float32)
L32 = (1 + 0.2 * rng.normal(size=WIDTH)).astype(np.float32)
E, P, I, L = (x.astype(np.float64) for x in (E32, P32, I32, L32))

syllables = [c + v for c in "bdfgklmnprst" for v in "aeio"]
texts = [" " + word for word in syllables]
texts += syllables[:24] + ["s", "ed", "é", "##x", "ing", ".", "\n", "日本"]
assert len(texts) == COUNT and len(set(texts)) == COUNT
id_of = {text: token for token, text in enumerate(texts)}
space = np.array([text.startswith(" ") for text in texts])
starts = np.array([text.startswith(" ") or token in (50, 51, 77) for token, text in enumerate(texts)])
lengths = np.array([len(text.encode()) for text in texts], dtype=float)
ids = np.arange(COUNT, dtype=float)

kin = [(syllables[2 * k], syllables[2 * k + 1]) for k in range(24)]
kin += [("ba", "fo"), ("ke", "so"), ("ba", "unknown"), ("nowhere", "de")]
some = ["de", "ba", "unknown", "ba", "so", "ki"]
word = {w: id_of[" " + w] for w in syllables}
LEFT = [word[l] for l, r in kin if l in word and r in word]
RIGHT = [word[r] for l, r in kin if l in word and r in word]
SOME = [word[w] for w in dict.fromkeys(some) if w in word]


def pieces(text):
    """The longest token first."""
    found = []
    while text:
        size = max(n for n in range(1, len(text) + 1) if text[:n] in id_of)
        found.append(id_of[text[:size]])
        text = text[size:]
    return found


# The definitions.


def cosine(x, y):
    size = np.linalg.norm(x) * np.linalg.norm(y)
    return float(x @ y / size) if size else 0.0


def constant(x):
    return np.all(x == x[0])


def correlated(statistic):
    return lambda x, y: 0.0 if constant(x) or constant(y) else float(statistic(x, y).statistic)


SIMILARITIES = {
    "dot": lambda x, y: float(x @ y),
    "cosine": cosine,
    "euclidean": lambda x, y: float(np.linalg.norm(x - y)),
    "manhattan": lambda x, y: float(np.abs(x - y).sum()),
    "pearson": correlated(stats.pearsonr),
    "spearman": correlated(stats.spearmanr),
    "kendall": correlated(stats.kendalltau),
}
DISTANCES = {"euclidean", "manhattan"}


def over_pairs(metric, rows):
    return np.array(
        [metric(rows[i], rows[j]) for i in range(len(rows)) for j in range(i + 1, len(rows))]
    )


def among(metric, rows, pairs):
    return np.array([metric(rows[l], rows[r]) for l, r in zip(*pairs)])


def shuffled(seed):
    """The listed words with partners exchanged until no listed pair is left."""
    known = {frozenset(pair) for pair in zip(LEFT, RIGHT)}
    bad = lambda l, r: l == r or frozenset((l, r)) in known
    partners = [RIGHT[k] for k in Generator(seed).permutation(len(RIGHT))]
    for k in range(len(partners)):
        if not bad(LEFT[k], partners[k]):
            continue
        for other in range(len(partners)):
            if other != k and not bad(LEFT[k], partners[other]) and not bad(LEFT[other], partners[k]):
                partners[k], partners[other] = partners[other], partners[k]
                break
    kept = [k for k in range(len(partners)) if not bad(LEFT[k], partners[k])]
    return [LEFT[k] for k in kept], [partners[k] for k in kept]


def auc(positives, negatives):
    u = stats.mannwhitneyu(positives, negatives).statistic
    return float(u / (len(positives) * len(negatives)))


def auc_of_shuffles(name, rows, seeds):
    metric = SIMILARITIES[name]
    sign = -1 if name in DISTANCES else 1
    listed = sign * among(metric, rows, (LEFT, RIGHT))
    return [auc(listed, sign * among(metric, rows, shuffled(seed))) for seed in seeds]


def mode(values):
    counts, edges = np.histogram(values, bins=200)
    fullest = int(counts.argmax())
    return float((edges[fullest] + edges[fullest + 1]) / 2)


def decomposed(matrix):
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    signs = np.sign(vt[np.arange(len(vt)), np.abs(vt).argmax(axis=1)])
    return u * signs, s, vt * signs[:, None]


def unit(rows):
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)


def span(directions):
    q, _ = np.linalg.qr(np.array(directions).T)
    return q


def project(rows, *directions):
    q = span(directions)
    return rows @ q @ q.T


def reject(rows, *directions):
    return rows - project(rows, *directions) if directions else rows


def lda(rows, mask):
    groups = [rows[mask], rows[~mask]]
    scatter = sum((g - g.mean(axis=0)).T @ (g - g.mean(axis=0)) for g in groups) / len(rows)
    scatter += 1e-6 * np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    return unit(np.linalg.solve(scatter, groups[0].mean(axis=0) - groups[1].mean(axis=0)))


def balanced_accuracy(values, mask):
    cuts = np.concatenate([[-np.inf], np.unique(values)])
    gaps = [abs((values[mask] > c).mean() - (values[~mask] > c).mean()) for c in cuts]
    return (1 + max(gaps)) / 2


def autocorrelation(values, lag):
    return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])


def ranked(values, largest=True):
    """Positions, best first, ties to the lower."""
    return np.argsort(-values if largest else values, kind="stable")


def similarity_to(name, query, rows):
    return np.array([SIMILARITIES[name](row, query) for row in rows])


def best_match(name, rows, itself=True):
    found = []
    for k, row in enumerate(rows):
        likeness = similarity_to(name, row, rows) * (-1 if name in DISTANCES else 1)
        if not itself:
            likeness[k] = -np.inf
        best = likeness.max()
        near = likeness >= best - 1e-6 * abs(best)
        found.append(k if itself and near[k] else int(np.argmax(near)))
    return found


def best_among(name, rows, others, itself=True):
    """As best_match, among the rows of another matrix; with as many rows they belong together."""
    paired = len(rows) == len(others)
    found = []
    for k, row in enumerate(rows):
        likeness = similarity_to(name, row, others) * (-1 if name in DISTANCES else 1)
        if paired and not itself:
            likeness[k] = -np.inf
        best = likeness.max()
        near = likeness >= best - 1e-6 * abs(best)
        found.append(k if paired and itself and near[k] else int(np.argmax(near)))
    return found


def best_value(name, rows, others, matches):
    return [SIMILARITIES[name](row, others[match]) for row, match in zip(rows, matches)]


def most_common(values, k):
    """By count, then the lower value."""
    found, counts = np.unique(values, return_counts=True)
    return found[np.lexsort((found, -counts))][:k]


ANALOGIES = [(i, j) for i in range(len(LEFT)) for j in range(len(LEFT)) if i != j]
assert len(ANALOGIES) <= 2500, "the program would draw some of them"


def analogies(name, move=lambda rows: rows, q=1, p=-1, r=1, inputs=False):
    """Whether each analogy is solved: the vector asked with is rounded to float32."""
    answering = move(E)
    solved = []
    for i, j in ANALOGIES:
        given = [LEFT[i], RIGHT[i], LEFT[j]]
        query = (q * E[RIGHT[i]] + p * E[LEFT[i]] + r * E[LEFT[j]]).astype(np.float32)
        asking = move(query.astype(float))
        likeness = similarity_to(name, asking, answering) * (-1 if name in DISTANCES else 1)
        if not inputs:
            likeness[given] = -np.inf
        best = likeness.max()
        solved.append(int(np.argmax(likeness >= best - 1e-6 * abs(best))) == RIGHT[j])
    return np.array(solved)


def zscore(matrix):
    deviation = matrix.std(axis=0)
    moved = matrix - matrix.mean(axis=0)
    return np.divide(moved, deviation, out=np.zeros_like(moved), where=deviation > 0)


def shuffle_channels(matrix, seed):
    width = matrix.shape[1]
    return np.array([row[Generator(seed, k).permutation(width)] for k, row in enumerate(matrix)])


def shuffle_tokens(matrix, seed):
    return shuffle_channels(matrix.T, seed).T


def gaussian_like(matrix, seed):
    rows, columns = matrix.shape
    noise = []
    for row in range(rows):
        generator = Generator(seed, row)
        noise.append([generator.gaussian() for _ in range(columns)])
    return matrix.std() * np.array(noise)


mean = E.mean(axis=0)
class_mean = np.where(space[:, None], E[space].mean(axis=0), E[~space].mean(axis=0))
norms = np.linalg.norm(E, axis=1)
U, S, V = decomposed(E)
Z = E - mean
words_matrix = E[SOME]

entries = []
# How far a value may lie from its expectation, as a share of max(1, |expectation|).
tolerances = {
    "exact": 0,
    "double": 1e-9,  # formed in double throughout
    "single": 2e-5,  # passes through float32
    "directions": 2e-4,  # a direction of a decomposition of float32 rows
    "bin": 2e-3,  # read off a histogram
}


def add(formula, value, tolerance="single"):
    assert tolerance in tolerances and all(formula != entry["formula"] for entry in entries), formula
    kind = None
    if isinstance(value, (bool, np.bool_)):
        kind, value = "truth", bool(value)
    elif isinstance(value, tuple):
        kind, value = "tokens", [int(token) for token in value]
    else:
        value = np.asarray(value)
        kind = {0: "number", 1: "vector", 2: "matrix"}[value.ndim]
        if value.dtype == bool:
            kind = "mask"
        else:
            value = value.astype(float)
        assert kind == "mask" or np.isfinite(value).all(), formula
        value = value.tolist()
    entries.append({"formula": formula, kind: value, "tolerance": tolerance})


# Operators and literals.
add("1 + 2 * 3 - 4 / 8", 6.5, "double")
add("2 ^ 3 ^ 2", 512, "double")
add("-2 ^ 2", -4, "double")
add("(-2) ^ 2", 4, "double")
add("2 ^ -1", 0.5, "double")
add("7 - 2 - 1", 4, "double")
add("1.5e2 + 2.5E-1", 150.25, "double")
add("# a comment\n1 +  # another\n 1", 2, "double")
add("1 < 2", True)
add("2 <= 1", False)
add("2 > 1", True)
add("1 >= 2", False)
add("1 == 1", True)
add("1 != 1", False)
add("not (1 < 2) or 3 == 3 and 2 != 3", True)
add("not 1 < 2 and false", False)
add("true and not false", True)
add("d_model", WIDTH, "exact")
add("d_vocab", COUNT, "exact")
add("[1, 2, 3] + 1", [2, 3, 4], "exact")
add("2 - [1, 2, 3]", [1, 0, -1], "exact")
add("[1, 2, 3] * [4, 5, 6] / 2", [2, 5, 9], "exact")
add("[1, 2, 3] ^ 2", [1, 4, 9], "exact")
add("2 ^ [1, 2, 3]", [2, 4, 8], "exact")
add("-[1, 2]", [-1, -2], "exact")
add("[1, 2, 3] @ [4, 5, 6]", 32, "exact")
add("[1, 2, 3] >= [3, 2, 1]", np.array([False, True, True]))
add("2 != [1, 2, 3]", np.array([True, False, True]))
add("[1, 2, 3] == 2", np.array([False, True, False]))
add("[1, 2, 3] < 2 or [1, 2, 3] > 2", np.array([True, False, True]))
add("not ([1, 2] < 2)", np.array([False, True]))
add("(W_E + W_E)[3]", 2 * E[3])
add("(W_E - mean(W_E))[3]", Z[3])
add("(mean(W_E) - W_E)[3]", -Z[3])
add("(mean(W_E) + W_E)[70]", mean)
add("(W_E * ln_final_w)[5]", E[5] * L)
add("(ln_final_w * W_E)[5]", E[5] * L)
add("(W_E / ln_final_w)[5]", E[5] / L)
add("(1 / (W_E ^ 2 + 1))[5]", 1 / (E[5] ** 2 + 1))
add("(W_E ^ [2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1])[5]", E[5] ** np.repeat([2, 1], 6))
add("(ln_final_w ^ (W_E / 4))[5]", L ** (E[5] / 4))
add("(W_E * W_E - W_E / 2 + 3 - W_E)[9]", E[9] ** 2 - E[9] / 2 + 3 - E[9])
add("(-W_E)[4]", -E[4])
add("W_E @ mean(W_E)", E @ mean)
add("token_id @ W_E", ids @ E)
add("W_pos @ W_in[0]", P @ I)
add("(W_E @ W_in[0])[11]", E[11] @ I)

# Indexing.
add("W_E[5]", E[5], "exact")
add('W_E[" ba"]', E[0], "exact")
add("W_E['ba']", E[48], "exact")
add('W_E["日本"]', E[79], "exact")
add('W_E["\\n"]', E[78], "exact")
add("mean(W_E[has_leading_space])", E[space].mean(axis=0))
add("mean(W_E[not has_leading_space and token_id > 60])", E[61:].mean(axis=0))
add("W_E[[' de', ' ba']]", E[[word["de"], 0]], "exact")
add("W_E[words('some')]", words_matrix, "exact")
add("W_in[0][3]", I[3], "exact")
add("ln_final_w", L, "exact")
add("token_length['日本']", 6, "exact")
add("token_length[7]", lengths[7], "exact")
add("token_id[token_length > 2]", ids[lengths > 2], "exact")
add("token_id[words('some')]", SOME, "exact")
add("has_leading_space[sample(9, seed: 3)]", space[Generator(3).sample(9, COUNT)])
add("starts_word[not has_leading_space]", starts[~space])
add("words('some')[1]", SOME[1], "exact")
add("svd(W_E).v[1]", V[1], "directions")
add("svd(W_E).v", V, "directions")
add("svd(W_E).s", S)
add("svd(W_E).s[2]", S[2])
add("svd(W_E).u[0]", U[:, 0], "directions")
add("svd(W_in[0]).s", decomposed(I)[1])
add("svd(W_in[0]).v[3]", decomposed(I)[2][3], "directions")
add("svd(W_in[0]).u[1]", decomposed(I)[0][:, 1], "directions")
add("pca(W_E).v[0]", decomposed(Z)[2][0], "directions")
add("pca(W_E).s", decomposed(Z)[1])

# Similarities, on vectors, over pairs and in searches.
for name, metric in SIMILARITIES.items():
    add(f"{name}(W_E[3], mean(W_E))", metric(E[3], mean))
    add(f"{name}(W_E[31], W_E[32])", metric(E[31], E[32]), "double")  # ties within a row
    add(f"{name}(W_E[70], W_E[2])", metric(E[70], E[2]), "double")  # zeros
    add(f"{name}(W_E[71], W_E[2])", metric(E[71], E[2]), "double")  # a constant
    add(f"{name}(W_E[20], W_E[21])", metric(E[20], E[21]), "double")  # equal rows
    all_pairs = over_pairs(metric, E)
    listed = among(metric, E, (LEFT, RIGHT))
    others = among(metric, E, shuffled(2))
    add(f"mean(pairs({name}(a, b)))", all_pairs.mean())
    add(f"std(pairs({name}(a, b)))", all_pairs.std())
    add(f"min(pairs({name}(a, b)))", all_pairs.min())
    add(f"max(pairs({name}(a, b)))", all_pairs.max())
    add(f"median(pairs({name}(a, b)))", np.median(all_pairs), "bin")
    add(f"quantile(pairs({name}(a, b), among: word_pairs('kin')), 0.3)", np.quantile(listed, 0.3))
    add(f"mean(pairs({name}(a, b), among: word_pairs('kin')))", listed.mean())
    add(f"max(pairs({name}(a, b), of: W_pos))", over_pairs(metric, P).max())
    add(f"mean(pairs({name}(a, b), of: W_in[0]))", over_pairs(metric, I).mean())
    sign = -1 if name in DISTANCES else 1
    add(
        f"auc(pairs({name}(a, b), among: word_pairs('kin')), "
        f"pairs({name}(a, b), among: shuffled_pairs('kin', seed: 2)))",
        auc(sign * listed, sign * others),
        "double",
    )
    add(f"auc_of_shuffles({name}(a, b), 'kin', 3)", auc_of_shuffles(name, E, [1, 2, 3]), "double")
    add(
        f"let Z = W_E - mean(W_E); mean(pairs({name}(a, b), of: Z))",
        over_pairs(metric, Z).mean(),
    )
    to_mean = similarity_to(name, mean, E)
    add(f"similarity_to(mean(W_E), by: {name})", to_mean)
    add(f"similarity_to(W_pos[1], of: W_pos, by: {name})", similarity_to(name, P[1], P))
    add(f"nearest(W_E[20], k: 4, by: {name})", tuple(ranked(sign * similarity_to(name, E[20], E))[:4]))
    add(f"best_match(W_E, by: {name})", best_match(name, E), "exact")
    add(f"best_match(W_E[sample(30, seed: 4)], by: {name}, self: false)",
        best_match(name, E[Generator(4).sample(30, COUNT)], itself=False), "exact")

    # Two sets of as many rows, whose rows of the same number belong together, and uneven ones.
    first, second = E[Generator(1).sample(20, COUNT)], E[Generator(2).sample(20, COUNT)]
    rows = "W_E[sample(20, seed: 1)], of: W_E[sample(20, seed: 2)]"
    add(f"best_match({rows}, by: {name})", best_among(name, first, second), "exact")
    apart = best_among(name, first, second, itself=False)
    add(f"best_match({rows}, by: {name}, self: false)", apart, "exact")
    add(f"best_value({rows}, by: {name}, self: false)", best_value(name, first, second, apart))
    uneven = best_among(name, P, E)
    add(f"best_match(W_pos, of: W_E, by: {name})", uneven, "exact")
    add(f"best_value(W_pos, of: W_E, by: {name})", best_value(name, P, E, uneven))
    add(f"best_match(W_E, of: W_pos, by: {name}, self: false)", best_among(name, E, P), "exact")
    alone = best_match(name, E, itself=False)
    add(f"best_value(W_E, by: {name}, self: false)", best_value(name, E, E, alone))
    # Equal rows tie: with the row of the same number, else with the lowest.
    twins, others = E[[20, 21, 70]], E[[21, 20, 71]]
    tied = f"W_E[[{texts[20]!r}, {texts[21]!r}, {texts[70]!r}]]"
    against = f"W_E[[{texts[21]!r}, {texts[20]!r}, {texts[71]!r}]]"
    add(f"best_match({tied}, of: {against}, by: {name})", best_among(name, twins, others), "exact")
    add(f"best_match({tied}, of: {against}, by: {name}, self: false)",
        best_among(name, twins, others, itself=False), "exact")
    add(f"best_match({tied}, of: W_E, by: {name})", best_among(name, twins, E), "exact")

cosines = over_pairs(cosine, E)
distances = over_pairs(SIMILARITIES["euclidean"], E)

# Pairs.
sampled = E[Generator(5).sample(25, COUNT)]
add("mean(pairs(cosine(a, b), rows: sample(25, seed: 5)))", over_pairs(cosine, sampled).mean())
add("mean(pairs(cosine(a, b), rows: words('some')))", over_pairs(cosine, words_matrix).mean())
add("max(pairs(dot(a, b), of: W_pos, rows: [' ba', ' be', ' bi']))",
    over_pairs(SIMILARITIES["dot"], P[:3]).max())
add("mean(pairs(dot(a, b), among: word_pairs('kin'), of: 2 * W_E))",
    4 * among(SIMILARITIES["dot"], E, (LEFT, RIGHT)).mean())
add("count(word_pairs('kin'))", len(LEFT), "exact")
add("count(shuffled_pairs('kin', seed: 7))", len(shuffled(7)[0]), "exact")
add("mean(pairs(euclidean(a, b), among: shuffled_pairs('kin', seed: 7)))",
    among(SIMILARITIES["euclidean"], E, shuffled(7)).mean(), "double")
add("auc_of_shuffles(cosine(a, b), 'kin')", auc_of_shuffles("cosine", E, range(1, 21)), "double")
add("auc_of_shuffles(euclidean(a - mean(W_E), b - mean(W_E)), 'kin', 4)",
    auc_of_shuffles("euclidean", Z, range(1, 5)), "double")

twin_left = [token for token, text in enumerate(texts) if text[0] == " " and text[1:] in id_of]
twin_right = [id_of[texts[token][1:]] for token in twin_left]
add("count(space_twins)", len(twin_left), "exact")
add("left(space_twins)", tuple(twin_left))
add("right(space_twins)", tuple(twin_right))
add("left(word_pairs('kin'))", tuple(LEFT))  # with repeats
add("right(shuffled_pairs('kin', seed: 7))", tuple(shuffled(7)[1]))
add("mean(pairs(cosine(a, b), among: space_twins))", among(cosine, E, (twin_left, twin_right)).mean())
add("row_norms(W_E[left(space_twins)] - W_E[right(space_twins)])",
    np.linalg.norm(E[twin_left] - E[twin_right], axis=1))

# Metrics: planned, interpreted, and named by let.
add("mean(pairs(cosine(a, b) + dot(a, b) / 100))",
    (cosines + over_pairs(SIMILARITIES["dot"], E) / 100).mean())
add("let m = cosine(a - mean(W_E), b - mean(W_E)); mean(pairs(m))", over_pairs(cosine, Z).mean())
add("let c = mean(W_E); let m = euclidean(a - c, b - c); auc_of_shuffles(m, 'kin', 2)",
    auc_of_shuffles("euclidean", Z, [1, 2]), "double")
add("let m = cosine(a - mean(W_E), b - mean(W_E)); similarity_to(W_E[2], by: m)",
    similarity_to("cosine", Z[2], Z))
add("let m = cosine; max(similarity_to(W_pos[2], by: m))", similarity_to("cosine", P[2], E).max())
add("let m = manhattan(a - mean(W_E), b - mean(W_E)); nearest(W_E[8], k: 3, by: m)",
    tuple(ranked(-similarity_to("manhattan", Z[8], Z))[:3]))
add("let m = euclidean(unit(a), unit(b)); best_match(W_E, by: m)",
    best_match("euclidean", unit(E)), "exact")
add("let v = mean(W_E); let v = 2 * v; mean(pairs(cosine(a - v, b - v)))",
    over_pairs(cosine, E - 2 * mean).mean())
add("mean(pairs(dot(a * (a @ a), b * (b @ b)) / 10000))",
    over_pairs(SIMILARITIES["dot"], E * (norms**2)[:, None]).mean() / 10000)
add("mean(pairs(dot(a * (a @ a), b * (b @ b)))) / 10000",
    over_pairs(SIMILARITIES["dot"], E * (norms**2)[:, None]).mean() / 10000)
add("mean(pairs(cosine(a * (mean(W_E) @ a), b * (mean(W_E) @ b))))",
    over_pairs(cosine, E * (E @ mean)[:, None]).mean())
add("mean(pairs(dot(W_pos @ a, W_pos @ b)))", over_pairs(SIMILARITIES["dot"], E @ P.T).mean())
square = E[Generator(1).sample(WIDTH, COUNT)]
add("let Q = W_E[sample(12, seed: 1)]; mean(pairs(euclidean(Q @ a, Q @ b), of: Q))",
    over_pairs(SIMILARITIES["euclidean"], square @ square.T).mean())
add("mean(pairs(euclidean(a @ W_in[0], b @ W_in[0])))",
    over_pairs(SIMILARITIES["euclidean"], E @ I).mean())
add("mean(pairs(cosine(a - mean(a), b - mean(b))))", over_pairs(SIMILARITIES["pearson"], E).mean())
add("mean(pairs(dot(rank(a), rank(b))))",
    over_pairs(SIMILARITIES["dot"], stats.rankdata(E, axis=1)).mean())
add("mean(pairs(cosine(a[words('columns')], b[words('columns')])))",
    over_pairs(cosine, E[:, [word["be"], word["bo"], word["de"]]]).mean())
add("mean(pairs(dot(a, b) + (let d_model = 2; dot(a, b) * d_model) + d_model))",
    (3 * over_pairs(SIMILARITIES["dot"], E) + WIDTH).mean())
add("max(pairs(1e38 * dot(a, b) / 1e30 * 1e30)) / 1e38",
    over_pairs(SIMILARITIES["dot"], E).max())  # beyond float32's range
add("mean(pairs(cosine(a - class_mean(a), b - class_mean(b))))",
    over_pairs(cosine, E - class_mean).mean())
add("mean(pairs(cosine(a - class_mean(a), b - class_mean(b)), among: word_pairs('kin')))",
    among(cosine, E - class_mean, (LEFT, RIGHT)).mean())
add("mean(pairs(cosine(a - class_mean(a), b - class_mean(b)), rows: sample(25, seed: 5)))",
    over_pairs(cosine, (E - class_mean)[Generator(5).sample(25, COUNT)]).mean())
add("class_mean(W_E)[3]", class_mean[3])
add("class_mean(W_E)[60]", class_mean[60])

moved = E - class_mean
add("best_match(W_E, by: cosine(a - class_mean(a), b - class_mean(b)), self: false)",
    best_match("cosine", moved, itself=False), "exact")
add("mean(pairs(dot(2 * a - class_mean(a), 2 * b - class_mean(b)), among: space_twins))",
    among(SIMILARITIES["dot"], 2 * E - class_mean, (twin_left, twin_right)).mean())

# A metric given by choosing: similarity, zero point, directions removed.
ZEROS = {
    "mean(W_E)": mean,
    "median(W_E)": np.median(E, axis=0),
    "class_mean(W_E)": class_mean,
    "mean(W_E[has_leading_space])": E[space].mean(axis=0),
    "mean(W_E[not has_leading_space])": E[~space].mean(axis=0),
    "mean(W_pos)": P.mean(axis=0),
    None: 0,
}


def choose(name, zero, removed):
    def row(letter):
        own = f"class_mean({letter})" if zero == "class_mean(W_E)" else zero
        moved = letter if zero is None else f"{letter} - {own}"
        matrix = "W_E" if zero is None else f"W_E - {zero}"
        directions = "".join(f", svd({matrix}).v[{k}]" for k in range(removed))
        return f"reject({moved}{directions})" if removed else moved

    moved = E - ZEROS[zero]
    rows = reject(moved, *decomposed(moved)[2][:removed])
    values = over_pairs(SIMILARITIES[name], rows)
    tolerance = "directions" if removed else "single"
    formula = f"mean(pairs({name}({row('a')}, {row('b')})))"
    if all(entry["formula"] != formula for entry in entries):
        add(formula, values.mean(), tolerance)


for zero in ZEROS:
    for removed in range(4):
        choose("cosine", zero, removed)
for name in ["dot", "euclidean", "manhattan", "pearson"]:
    choose(name, "mean(W_E)", 2)
    choose(name, "class_mean(W_E)", 1)
for name in ["spearman", "kendall"]:  # ranks jump where a direction is a rounding off: none removed
    choose(name, "mean(W_E)", 0)
    choose(name, "median(W_E)", 0)

# Reductions.
add("mean(row_norms(W_E))", norms.mean())
add("mean(W_E)", mean)
add("mean(has_leading_space)", space.mean(), "double")
add("median([3, 1, 2, 10])", 2.5, "double")
add("median(row_norms(W_E))", np.median(norms))
add("median(W_E)", np.median(E, axis=0))
add("median(W_pos)", np.median(P, axis=0))
add("mode(row_norms(W_E))", mode(norms))
add("mode(pairs(cosine(a, b), among: word_pairs('kin')))", mode(among(cosine, E, (LEFT, RIGHT))))
add("std([1, 2, 3, 6])", np.std([1, 2, 3, 6]), "double")
add("std(W_E)", E.std(axis=0))
add("min(row_norms(W_E))", 0, "exact")
add("min(W_E)", E.min(axis=0), "exact")
add("max(token_length)", lengths.max(), "exact")
add("max(W_E)", E.max(axis=0), "exact")
add("quantile(row_norms(W_E), 0.95)", np.quantile(norms, 0.95))
add("quantile([4, 1, 2], 0)", 1, "double")
add("quantile(W_E, 0.9)", np.quantile(E, 0.9, axis=0))
add("quantile(pairs(cosine(a, b)), 0.25)", np.quantile(cosines, 0.25), "bin")
add("sum(mean(W_E) ^ 2)", (mean**2).sum())
add("sum(W_E)", E.sum(axis=0))
add("sum(starts_word)", starts.sum(), "exact")
add("count(mean(W_E))", WIDTH, "exact")
add("count(words('some'))", len(SOME), "exact")
add("count(' ba')", 1, "exact")
add("count(has_leading_space)", np.count_nonzero(space), "exact")
add("sum(token_id < 0)", 0, "exact")
add("share(starts_word)", starts.mean(), "double")
add("share(pairs(cosine(a, b)), above: 0.8)", (cosines > 0.8).mean(), "bin")
add("share(pairs(euclidean(a, b)), above: 8)", (distances > 8).mean(), "bin")
add("share(pairs(cosine(a, b), among: word_pairs('kin')), above: 0.9)",
    (among(cosine, E, (LEFT, RIGHT)) > 0.9).mean(), "double")

add("distinct([3, 1, 2, 3, 1])", 3, "exact")
add("distinct(token_length)", len(np.unique(lengths)), "exact")
add("distinct(best_match(W_E, by: dot))", len(set(best_match("dot", E))), "exact")
add("distinct(log([-1, -2, 1]))", 2, "exact")  # NaN is one value

# Geometry.
add("norm([3, 4])", 5, "double")
add("transpose(W_pos)", P.T, "exact")
add("transpose(W_E)[3]", E[:, 3], "exact")
add("(transpose(W_E[sample(9, seed: 3)]) @ W_E[sample(9, seed: 3)])[2]",
    (E[Generator(3).sample(9, COUNT)].T @ E[Generator(3).sample(9, COUNT)])[2])
add("column(W_E, 0)", E[:, 0], "exact")
add("column(W_in[0], 19)", I[:, 19], "exact")
add("svd(W_E).v[row_number(d_model) < 6]", V[:6], "directions")
add("row_norms(W_E)", norms)
add("unit([3, 4])", [0.6, 0.8], "double")
add("unit([0, 0])", [0, 0], "exact")
add("unit(W_E)[69]", unit(E)[69])
add("unit(W_E)[70]", np.zeros(WIDTH), "exact")
add("centre_rows([1, 2, 6])", [-2, -1, 3], "double")
add("max(abs(centre_rows([0.1, 0.1, 0.1])))", 0, "exact")
add("cosine(centre_rows([0.1, 0.1, 0.1]), centre_rows([0.1, 0.1, 0.1]))", 0, "exact")
add("centre_rows(W_E)[6]", E[6] - E[6].mean())
add("zscore(W_E)[6]", zscore(E)[6])
add("zscore(W_E * [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0] + 0.1)[6]", zscore(E)[6] * (np.arange(12) < 10))
add("reject(W_E[3], mean(W_E))", reject(E[3], mean))
add("reject(W_E[3], mean(W_E), W_E[4])", reject(E[3], mean, E[4]))
add("reject(W_E[3], mean(W_E), W_E[4], W_E[5])", reject(E[3], mean, E[4], E[5]))
add("reject(W_E[3], mean(W_E), 2 * mean(W_E))", reject(E[3], mean))
add("reject(W_E[3], 0 * mean(W_E))", E[3], "double")
add("reject(W_E, mean(W_E), W_E[4])[7]", reject(E, mean, E[4])[7])
add("reject(W_E, mean(W_E), W_E[4], W_E[5])[7]", reject(E, mean, E[4], E[5])[7])
add("project(W_E[3], mean(W_E))", project(E[3], mean))
add("project(W_E[3], mean(W_E), W_E[4], W_E[5])", project(E[3], mean, E[4], E[5]))
add("project(W_E, mean(W_E), W_E[4], W_E[5])[7]", project(E, mean, E[4], E[5])[7])
add("difference_of_means(W_E, starts_word)", E[starts].mean(axis=0) - E[~starts].mean(axis=0))
add("lda(W_E, has_leading_space)", lda(E, space), "directions")
fit = Generator(8).sample(50, COUNT)
add("lda(W_E, has_leading_space, fit: sample(50, seed: 8))", lda(E[fit], space[fit]), "directions")
few = Generator(6).sample(9, COUNT)
add("abs(W_E @ lda(W_E, has_leading_space, fit: sample(9, seed: 6)))[3]",
    abs(E[3] @ lda(E[few], space[few])), "directions")
add("random_direction(seed: 11)", Generator(11).direction(WIDTH), "double")

# Statistics.
add("correlation(row_norms(W_E), token_length)", np.corrcoef(norms, lengths)[0, 1])
add("correlation([1, 1, 1], [1, 2, 3])", 0, "exact")
add("rank_correlation(row_norms(W_E), token_length)", stats.spearmanr(norms, lengths).statistic)
add("rank_correlation(std(W_pos), abs(mean(W_E)))",
    stats.spearmanr(P.std(axis=0), np.abs(mean)).statistic)
add("auc(row_norms(W_E), has_leading_space)", auc(norms[space], norms[~space]), "double")
add("auc(token_length, starts_word)", auc(lengths[starts], lengths[~starts]), "double")
add("auc(pairs(cosine(a, b), among: word_pairs('kin')), pairs(cosine(a, b)))",
    auc(among(cosine, E, (LEFT, RIGHT)), cosines), "bin")
add("auc(pairs(euclidean(a, b), of: W_pos), pairs(euclidean(a, b)))",
    auc(-over_pairs(SIMILARITIES["euclidean"], P), -distances), "bin")
add("auc(pairs(manhattan(a, b), of: W_pos), pairs(manhattan(a, b)))",
    auc(-over_pairs(SIMILARITIES["manhattan"], P), -over_pairs(SIMILARITIES["manhattan"], E)), "bin")
add("balanced_accuracy(row_norms(W_E), has_leading_space)", balanced_accuracy(norms, space), "double")
add("balanced_accuracy(-row_norms(W_E), has_leading_space)", balanced_accuracy(-norms, space), "double")
add("balanced_accuracy(token_length, starts_word)", balanced_accuracy(lengths, starts), "double")
add("balanced_accuracy(0 * token_length, starts_word)", 0.5, "double")
add("balanced_accuracy(starts_word, has_leading_space)",
    (starts[space].mean() + (~starts[~space]).mean()) / 2, "double")
add("autocorrelation(row_norms(W_E), lag: 2)", autocorrelation(norms, 2))
add("autocorrelation(W_E, lag: 1)", [autocorrelation(column, 1) for column in E.T])
add("autocorrelation([1, 1, 1, 1], lag: 1)", 0, "exact")

# Search.
add("nearest(W_E[20], k: 3, by: cosine, except: [' ba', ' ka'])",
    tuple([t for t in ranked(similarity_to("cosine", E[20], E)) if t not in (0, word["ka"])][:3]))
add("nearest(W_E[20], k: 2, by: euclidean, except: ' li')",
    tuple([t for t in ranked(-similarity_to("euclidean", E[20], E)) if t != word["li"]][:2]))
# Rows of W_pos are no tokens, so their numbers come as a vector.
add("nearest(W_pos[1], of: W_pos, k: 20, by: dot)", np.array(ranked(P @ P[1]), float))
add("nearest(W_E[' ba'] - W_E[' be'] + W_E[' bi'], k: 3, by: euclidean, except: [' ba', ' be', ' bi'])",
    tuple([t for t in ranked(-similarity_to("euclidean", E[0] - E[1] + E[2], E)) if t > 2][:3]))
add("share(best_match(W_E, by: dot) != token_id)", (np.array(best_match("dot", E)) != ids).mean(), "double")
add("argmax(abs(mean(W_E)))", np.abs(mean).argmax(), "exact")
add("argmax([1, 3, 3])", 1, "exact")
add("top(token_length, 4)", tuple(ranked(lengths)[:4]))
add("top(W_E @ svd(W_E).v[1], 5)", tuple(ranked(E @ V[1])[:5]))

add("most_common([3, 1, 3, 2, 2, 5], 2)", [2, 3], "exact")  # ties to the lower
add("most_common([3, 1, 3], 9)", [3, 1], "exact")
add("most_common(best_match(W_E[sample(30, seed: 4)], by: dot), 3)",
    most_common(best_match("dot", E[Generator(4).sample(30, COUNT)]), 3), "exact")
add("most_common(best_match(W_E, by: dot), 3)", tuple(most_common(best_match("dot", E), 3)))
add("most_common(token_length, 2)", tuple(most_common(lengths, 2)))
for name in ["dot", "cosine", "euclidean"]:
    add(f"analogies('kin', by: {name})", analogies(name))
add("analogies('kin', by: cosine, inputs: true)", analogies("cosine", inputs=True))
add("analogies('kin', by: euclidean(a - mean(W_E), b - mean(W_E)), inputs: true)",
    analogies("euclidean", lambda rows: rows - mean, inputs=True))
add("analogies('kin', by: cosine(a - mean(W_E), b - mean(W_E)))",
    analogies("cosine", lambda rows: rows - mean))
add("analogies('kin', by: euclidean, q: 0.5, p: -0.5)", analogies("euclidean", q=0.5, p=-0.5))
add("share(analogies('kin', by: cosine, q: 0, p: 0, r: 2))",
    analogies("cosine", q=0, p=0, r=2).mean(), "double")
add("share(analogies('kin', by: cosine, r: 0, inputs: true))",
    analogies("cosine", r=0, inputs=True).mean(), "double")

# Controls.
add("shuffle_tokens(W_E, seed: 9)", shuffle_tokens(E, 9), "exact")
add("shuffle_channels(W_E, seed: 9)", shuffle_channels(E, 9), "exact")
add("gaussian_like(W_pos, seed: 9)", gaussian_like(P, 9))
add("mean(pairs(cosine(a, b), of: shuffle_tokens(W_E, seed: 1)))",
    over_pairs(cosine, shuffle_tokens(E, 1)).mean())

# Elementwise.
add("abs(-3)", 3, "exact")
add("abs(mean(W_E))", np.abs(mean))
add("abs(W_E)[5]", np.abs(E[5]), "exact")
add("sqrt(2)", math.sqrt(2), "double")
add("sqrt([4, 9])", [2, 3], "double")
add("sqrt(abs(W_E))[5]", np.sqrt(np.abs(E[5])))
add("log(2)", math.log(2), "double")
add("log([1, 10])", [0, math.log(10)], "double")
add("log(abs(W_E))[5]", np.log(np.abs(E[5])))
add("exp(1)", math.e, "double")
add("exp([0, -1])", [1, math.exp(-1)], "double")
add("exp(W_E)[5]", np.exp(E[5]))
add("rank([3, 1, 3, 2])", [3.5, 1, 3.5, 2], "exact")
add("rank(W_E)[31]", stats.rankdata(E[31]), "exact")
add("sort([3, -1, 2, 2])", [-1, 2, 2, 3], "exact")
add("sort(-token_length)", np.sort(-lengths), "exact")
add("sort(W_E)[31]", np.sort(E[31]), "exact")
add("mean(pairs(euclidean(sort(a), sort(b)), of: W_pos))",
    over_pairs(SIMILARITIES["euclidean"], np.sort(P, axis=1)).mean())
add("indicator(starts_word)", starts.astype(float), "exact")
add("indicator([1, 2, 3] > 1)", [0, 1, 1], "exact")
add("softmax([1, 2, 1000])", scipy.special.softmax([1, 2, 1000]), "double")
add("softmax(mean(W_E))", scipy.special.softmax(mean))
add("diff([1, 4, 9])", [3, 5], "exact")
add("diff(W_pos)", np.diff(P, axis=0))

# Tokens and sets.
add("token_id", ids, "exact")
add("token_length", lengths, "exact")
add("has_leading_space", space)
add("starts_word", starts)
add("row_number(4)", [0, 1, 2, 3], "exact")
add("sum(row_number(d_model))", WIDTH * (WIDTH - 1) / 2, "exact")
add("tokens_where(starts_word)", tuple(np.flatnonzero(starts)))
add("W_E[tokens_where(token_length > 2 and not has_leading_space)]",
    E[(lengths > 2) & ~space], "exact")
add("sample(12, seed: 0)", tuple(Generator(0).sample(12, COUNT)))
add("sample(79, seed: 4294967295)", tuple(Generator(4294967295).sample(79, COUNT)))
add("sample(80, seed: 1)", tuple(range(COUNT)))
add("words('some')", tuple(SOME))
add("[' de', 'ba', ' de']", (word["de"], 48, word["de"]))
add("embed(' ba')", E[0])
add("embed(' baed.')", E[pieces(" baed.")].mean(axis=0))
add("embed(' baing', of: W_E - mean(W_E))", Z[pieces(" baing")].mean(axis=0))


# What has no value: rows of unequal lengths, and rows whose token is not known.
for formula in [
    "max(pairs(dot(a[a > 3], b[b > 3]), among: word_pairs('kin')))",
    "max(pairs(dot(a[a > 4], b[b > 4]), among: word_pairs('kin')))",
    "max(pairs(dot(a[a > 3], b[b > 3])))",
    "similarity_to(W_E[0], by: dot(a[a > 3], b[b > 3]))",
    "best_match(W_E, by: dot(a[a > 3], b[b > 3]))",
    "mean(pairs(cosine(a - class_mean(a), b - class_mean(b)), of: W_E[not has_leading_space]))",
    "best_match(W_E[words('some')], by: cosine(a - class_mean(a), b - class_mean(b)))",
    "class_mean(W_E[words('some')])",
    "W_E[' ba be']",
    "W_E[80]",
    "quantile([1, 2], 1.5)",
    "most_common(row_norms(W_E), 2)",
    "column(W_E, 12)",
    "column(W_E, -1)",
    "tokens_where([1, 2] > 1)",
    "best_match(W_E[[' ba']], by: dot, self: false)",
    "best_match(W_E[[' ba']], of: W_E[[' be']], by: dot, self: false)",
    "best_match(W_E, of: W_in[0], by: dot)",
    "best_match(W_pos / 0, of: W_E, by: cosine)",
    "analogies('nowhere', by: cosine)",
    "analogies('kin', by: cosine(a, b) + 0)",
]:
    entries.append({"formula": formula, "refused": True, "tolerance": "exact"})


def tensor(values):
    return {"shape": list(values.shape), "values": values.ravel().astype(float).tolist()}


goldens = {
    "versions": {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    },
    "tensors": {"W_E": tensor(E32), "W_pos": tensor(P32), "W_in[0]": tensor(I32), "ln_final_w": tensor(L32)},
    "texts": texts,
    "startsWord": starts.tolist(),
    "words": {"some": some, "columns": ["be", "bo", "de"]},
    "pairs": {"kin": [list(pair) for pair in kin]},
    "tolerances": tolerances,
    "entries": entries,
}


def settled(entry):
    """The entry as it was recorded, where it differs by less than a hundredth of its tolerance.

    Libraries sum in other orders on other machines.
    """
    before = recorded.get(entry["formula"], {})
    kind = next((kind for kind in ("number", "vector", "matrix") if kind in entry), None)
    if kind is None or before.keys() != entry.keys() or before["tolerance"] != entry["tolerance"]:
        return entry
    old, new = np.array(before[kind]), np.array(entry[kind])
    slack = tolerances[entry["tolerance"]] / 100
    same = old.shape == new.shape and np.all(np.abs(old - new) <= slack * np.maximum(1, np.abs(new)))
    return before if same else entry


with open("goldens.json") as file:
    recorded = {entry["formula"]: entry for entry in json.load(file)["entries"]}
goldens["entries"] = [settled(entry) for entry in entries]


def written(value):
    """One line for each tensor and entry, so that a change shows as few lines."""
    return json.dumps(value, ensure_ascii=False)


with open("goldens.json", "w") as file:
    parts = []
    for key, value in goldens.items():
        if key == "entries":
            lines = ",\n".join("  " + written(entry) for entry in value)
            parts.append(f' "entries": [\n{lines}\n ]')
        elif key == "tensors":
            lines = ",\n".join(f"  {written(name)}: {written(t)}" for name, t in value.items())
            parts.append(f' "tensors": {{\n{lines}\n }}')
        else:
            parts.append(f" {written(key)}: {written(value)}")
    file.write("{\n" + ",\n".join(parts) + "\n}\n")
print(len(entries), "entries")
