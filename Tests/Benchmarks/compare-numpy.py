#!/usr/bin/env python3
"""Times workbook against numpy on the same work, in turns, and prints a Markdown table.

    python3 -m pip install numpy scipy gguf
    swift build -c release
    python3 Tests/Benchmarks/compare-numpy.py

Each workbook time is that of a whole process: start, reading the weights, the work, printing. Each
numpy time is of the work alone: interpreter, imports and weights are there before the clock starts,
and a small product has woken the BLAS threads. Both use all processors. numpy gets the fastest of
several ways to count (see TALLIES), found on the first rows of the same matrix.

OpenBLAS does not know every processor and may then fall back to AVX2. Where the processor has
AVX-512, numpy is therefore measured twice: as installed, and told to use its AVX-512 kernels.
"""

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROCESSORS = os.cpu_count() or 1
MODEL = "whisper-tiny.en"
BINS = 4096

# numpy is imported in the workers only: a small parent keeps its own size out of the peak memory
# that the system reports for the programs it starts.


# ---- numpy's side: each function does the work once and returns seconds and a value to compare


class BinCount:
    """Counts by numpy.bincount, in buffers that are used again."""

    def __init__(self, np, side):
        self.np = np
        self.scaled = np.empty(side * side, np.float32)
        self.bins = np.empty(side * side, np.intp)

    def __call__(self, values):
        # One bin more at each end, for cosines that rounding carried past ±1.
        scaled, bins = self.scaled[: values.size], self.bins[: values.size]
        self.np.multiply(values, BINS / 2, out=scaled)
        scaled += BINS / 2 + 1
        self.np.copyto(bins, scaled, casting="unsafe")
        counts = self.np.bincount(bins, minlength=BINS + 2)
        counts[1] += counts[0]
        counts[BINS] += counts[BINS + 1]
        return counts[1 : BINS + 1]


class PlainHistogram:
    """Counts by numpy.histogram."""

    def __init__(self, np, side):
        self.np = np

    def __call__(self, values):
        return self.np.histogram(values, bins=BINS, range=(-1, 1))[0]


# The plain way; also a row of its own.
PLAIN = "histogram, blocks of 2048"

# name: (how to count, rows of a block, Python threads); with Python threads BLAS has one each.
TALLIES = {
    PLAIN: (PlainHistogram, 2048, 1),
    "histogram, blocks of 512, a thread per processor": (PlainHistogram, 512, PROCESSORS),
    "bincount, blocks of 2048": (BinCount, 2048, 1),
    "bincount, blocks of 256, a thread per processor": (BinCount, 256, PROCESSORS),
    "bincount, blocks of 512, a thread per processor": (BinCount, 512, PROCESSORS),
}


def count_pairs(np, unit, tally):
    """Counts the products of all pairs of rows: counts, mean and standard deviation."""
    make_counter, side, threads = TALLIES[tally]
    starts = range(0, len(unit), side)
    # Large parts first, so that no thread is left with one at the end.
    parts = [(i, j) for i in starts for j in starts if j >= i]

    def work(thread):
        counter, room = make_counter(np, side), np.empty(side * side, np.float32)
        counts, total, squares = np.zeros(BINS, np.int64), 0.0, 0.0
        for i, j in parts[thread::threads]:
            left, right = unit[i : i + side], unit[j : j + side]
            block = room[: len(left) * len(right)].reshape(len(left), len(right))
            np.matmul(left, right.T, out=block)
            values = block[np.triu_indices(len(left), 1)] if i == j else block.reshape(-1)
            counts += counter(values)
            total += float(values.sum())
            squares += float(values @ values)
        return counts, total, squares

    if threads == 1:
        results = [work(0)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(work, range(threads)))
    counts = sum(result[0] for result in results)
    pairs = int(counts.sum())
    mean = sum(result[1] for result in results) / pairs
    variance = sum(result[2] for result in results) / pairs - mean * mean
    return counts, mean, max(0, variance) ** 0.5


def median_of(np, counts):
    cumulative = np.cumsum(counts)
    middle = int(np.searchsorted(cumulative, cumulative[-1] / 2))
    return (middle + 0.5) * 2 / BINS - 1


def numpy_histogram(np, rows, tally):
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return median_of(np, count_pairs(np, unit, tally)[0])


def numpy_spearman(np, rows, tally):
    from scipy.stats import rankdata

    _, _, threads = TALLIES[tally]
    with ThreadPoolExecutor(PROCESSORS) as pool:
        parts = np.array_split(rows, 16 * PROCESSORS)
        ranks = np.concatenate(list(pool.map(lambda part: rankdata(part, axis=1), parts)))
    ranks = (ranks - ranks.mean(axis=1, keepdims=True)).astype(np.float32)
    return numpy_histogram(np, ranks, tally)


def numpy_best_match(np, rows, tally):
    side = 512
    room, own = np.empty((side, len(rows)), np.float32), 0
    for start in range(0, len(rows), side):
        part = rows[start : start + side]
        products = np.matmul(part, rows.T, out=room[: len(part)])
        own += int((products.argmax(axis=1) != np.arange(start, start + len(part))).sum())
    return own / len(rows)


def numpy_pca(np, rows, tally):
    centred = rows - rows.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    scores = centred @ directions
    return float(values[-1] ** 0.5 + np.linalg.norm(scores[0]))


def numpy_pca_double(np, rows, tally):
    return numpy_pca(np, rows.astype(np.float64), tally)


def numpy_mean(np, rows, tally):
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    total = unit.sum(axis=0, dtype=np.float64)
    return float((total @ total - len(rows)) / (len(rows) * (len(rows) - 1)))


def dequantised(path):
    """W_E of a GGUF file as float32."""
    import gguf

    tensor = next(t for t in gguf.GGUFReader(path).tensors if t.name == "token_embd.weight")
    return gguf.dequantize(tensor.data, tensor.tensor_type)


def worker(arguments):
    """Runs one numpy function in a process of its own; prints seconds, value and memory as JSON."""
    import resource

    import numpy as np

    task, path, tally, count = arguments
    if task == "numpy_load":
        import gguf  # so that importing it is not timed  # noqa: F401

        start = time.perf_counter()
        value = float(dequantised(path)[0, 0])
    else:
        rows = np.load(path)[: int(count) or None]
        np.matmul(rows[:2048], rows[:2048].T)
        start = time.perf_counter()
        value = globals()[task](np, rows, tally)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "value": float(value), "memory": memory * 1024}))


def prepare(arguments):
    """Writes the two matrices to a folder, one also as the weights of a model shaped like GPT-2."""
    import numpy as np

    model, folder = Path(arguments[0]), Path(arguments[1])
    np.save(folder / "384.npy", dequantised(model))
    rng = np.random.default_rng(0)
    offset = rng.standard_normal(768, np.float32) * 0.08
    tokens = rng.standard_normal((50_257, 768), np.float32) * 0.13 + offset
    positions = rng.standard_normal((1_024, 768), np.float32) * 0.05
    np.save(folder / "768.npy", tokens)
    tensors = {"wte.weight": tokens, "wpe.weight": positions}
    header, end = {}, 0
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": values.shape,
                        "data_offsets": [end, end + values.nbytes]}
        end += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "gpt2-shaped.safetensors", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for values in tensors.values():
            values.tofile(file)
    versions = {"Python": platform.python_version(), "numpy": np.__version__}
    import scipy

    versions["scipy"] = scipy.__version__
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    versions[blas["name"]] = blas["version"]
    print(json.dumps(versions))


# ---- the driver


class Run:
    """Seconds, peak memory in bytes, and what was printed."""

    def __init__(self, command, environment=None, statuses=(0,)):
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})},
        )
        # Little comes on standard error, so reading one after the other cannot block.
        self.output, errors = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - start
        self.memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in statuses:
            sys.exit(f"{command} ended with {process.returncode}:\n{self.output}{errors}")


class Bench:
    def __init__(self, options, folder):
        self.binary, self.book, self.folder = options.binary, options.workbook, folder
        # What numpy is told, by the name of the way of running it.
        self.settings = {"numpy": {}}
        if "avx512f" in processor_text():
            self.settings["numpy AVX-512"] = {"OPENBLAS_CORETYPE": "SkylakeX"}
        # The fastest way to count under each setting.
        self.tallies = {}

    def numpy(self, setting, task, path, tally=None, count=0):
        tally = tally or self.tallies[setting]
        uses_tally = task in ("numpy_histogram", "numpy_spearman")
        blas_threads = PROCESSORS // TALLIES[tally][2] if uses_tally else PROCESSORS
        variables = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        command = [sys.executable, __file__, "--worker", task, path, tally, count]
        environment = dict.fromkeys(variables, str(blas_threads)) | self.settings[setting]
        return json.loads(Run(command, environment).output)

    def workbook(self, *arguments, book=None, statuses=(0,)):
        return Run([self.binary, *arguments, "--workbook", book or self.book], statuses=statuses)

    def evaluate(self, formula, model=MODEL):
        return self.workbook("eval", formula, "--model", model, "--json")

    def choose_tally(self, setting):
        """Finds numpy's fastest way to count on some rows; returns the seconds of each."""
        matrix = self.folder / "384.npy"
        found = {
            tally: min(
                self.numpy(setting, "numpy_histogram", matrix, tally, 16_384)["seconds"]
                for _ in range(2)
            )
            for tally in TALLIES
        }
        self.tallies[setting] = min(found, key=found.get)
        return found


def comparisons(bench):
    """What both do: name, numpy's task, matrix and tally, workbook's formula, model, tolerance."""
    small, wide = bench.folder / "384.npy", bench.folder / "768.npy"
    gpt2 = bench.folder / "gpt2-shaped.safetensors"
    median = "quantile(pairs(cosine(a, b)), 0.5)"
    components = "let Z = W_E - mean(W_E); let D = svd(Z); D.s[0] + norm((Z @ D.v)[0])"
    return [
        ("histogram and moments of all cosines, 50,257 × 384",
         "numpy_histogram", small, None, median, MODEL, 1 / 1024),
        ("the same; numpy by plain `np.histogram`",
         "numpy_histogram", small, PLAIN, median, MODEL, 1 / 1024),
        ("histogram and moments of all cosines, 50,257 × 768",
         "numpy_histogram", wide, None, median, gpt2, 1 / 1024),
        ("histogram and moments of all Spearman, 50,257 × 384",
         "numpy_spearman", small, None, "quantile(pairs(spearman(a, b)), 0.5)", MODEL, 1 / 1024),
        ("best match by dot of each row, 50,257 × 384",
         "numpy_best_match", small, None, "share(best_match(W_E, by: dot) != token_id)", MODEL,
         1e-3),
        ("PCA: directions and scores, 50,257 × 384; numpy in float32",
         "numpy_pca", small, None, components, MODEL, 1e-3),
        ("the same; numpy in float64, workbook's precision",
         "numpy_pca_double", small, None, components, MODEL, 1e-4),
        ("exact mean cosine by its closed form, 50,257 × 384",
         "numpy_mean", small, None, "mean(pairs(cosine(a, b)))", MODEL, 1e-5),
        ("load: dequantise Q8_0, 50,257 × 384; Python's gguf",
         "numpy_load", bench.book / "models" / f"{MODEL}.gguf", None, "W_E[0][0]", MODEL, 1e-6),
    ]


def compare(bench, rounds, only):
    """Returns the table's lines, and the most memory that workbook used for each work."""
    settings = list(bench.settings)
    header = ["work", *(f"{setting}: s" for setting in settings), "workbook: s",
              *(f"{setting} ÷ workbook" for setting in settings)]
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    memory = {}
    for name, task, path, tally, formula, model, tolerance in comparisons(bench):
        if not re.search(only, name):
            continue
        theirs, ours = {setting: [] for setting in settings}, []
        for _ in range(rounds):
            run = bench.evaluate(formula, model)
            ours.append(run.seconds)
            memory[name] = max(memory.get(name, 0), run.memory)
            value = json.loads(run.output)["value"]
            for setting in settings:
                found = bench.numpy(setting, task, path, tally)
                theirs[setting].append(found["seconds"])
                if not abs(value - found["value"]) <= tolerance * max(1, abs(value)):
                    sys.exit(f"{name}: workbook says {value}, numpy {found['value']}")
        columns = [*theirs.values(), ours]
        cells = [name, *(f"{min(times):.3f} ({statistics.median(times):.3f})" for times in columns),
                 *(f"{min(times) / min(ours):.2f}" for times in theirs.values())]
        lines.append("| " + " | ".join(cells) + " |")
        print(f"done: {name}", file=sys.stderr)
    return lines, memory


def answered_workbook(bench):
    """A workbook with every question of the first puzzle answered.

    Its answers are the key's own reference, so that no requirement is cut short; the two numbers
    are made up.
    """
    book = bench.folder / "book"
    puzzle = "puzzle1-suspicious-similarities"
    for part in ("puzzles", "solutions"):
        shutil.copytree(bench.book / part, book / part)
    (book / "models").symlink_to(bench.book / "models")
    (book / "submissions").mkdir()
    rot13 = str.maketrans(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm",
    )
    key = (book / "solutions" / puzzle / "key.yaml.rot13").read_text().translate(rot13)
    answers = re.search(r"^reference:\n((?:  .*\n|\n)*)", key, re.MULTILINE).group(1)
    (book / "submissions" / f"{puzzle}.yaml").write_text(
        f"puzzle: {puzzle}\nmodel: {MODEL}\nanswers:\n  predicts: 0.5\n  moved: 0.5\n{answers}"
    )
    return book


def commands(bench, rounds, memory):
    book = answered_workbook(bench)

    def cold_check():
        shutil.rmtree(book / ".workbook", ignore_errors=True)
        return bench.workbook("check", "puzzle1", book=book, statuses=(0, 1))

    timed = {
        "`workbook --version` (what it costs to start)": lambda: Run([bench.binary, "--version"]),
        "`workbook list`": lambda: bench.workbook("list", book=book),
        "`workbook check puzzle1`, all answered, no store yet": cold_check,
        "`workbook eval 'W_E[0][0]'`": lambda: bench.evaluate("W_E[0][0]"),
    }
    lines = ["| command | least s | median s | peak memory MB |", "|---|---:|---:|---:|"]
    for name, run in timed.items():
        runs = [run() for _ in range(max(10, rounds))]
        seconds = [run.seconds for run in runs]
        lines.append(
            f"| {name} | {min(seconds):.3f} | {statistics.median(seconds):.3f} "
            f"| {max(run.memory for run in runs) / 1e6:.0f} |"
        )
    for name, peak in memory.items():
        if "cosines" in name:
            lines.append(f"| {name} | | | {peak / 1e6:.0f} |")
    return lines


def processor_text():
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""


def processor_name():
    found = re.search(r"model name\s*:\s*(.*)", processor_text())
    return found.group(1) if found else platform.processor() or platform.machine()


def main():
    if sys.argv[1:2] == ["--worker"]:
        return worker(sys.argv[2:])
    if sys.argv[1:2] == ["--prepare"]:
        return prepare(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=Path, default=REPOSITORY / ".build/release/workbook")
    parser.add_argument("--workbook", type=Path, default=REPOSITORY)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="a pattern: compare only the work it is found in")
    options = parser.parse_args()
    options.binary, options.workbook = options.binary.resolve(), options.workbook.resolve()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, Path(folder))
        model = options.workbook / "models" / f"{MODEL}.gguf"
        prepared = Run([sys.executable, __file__, "--prepare", model, folder])
        versions = json.loads(prepared.output)
        version = Run([options.binary, "--version"]).output.strip()
        print(f"{processor_name()}, {PROCESSORS} processors, {platform.system()}"
              f" {platform.machine()}; load at the start {os.getloadavg()[0]:.2f}")
        print(f"workbook {version}; " + ", ".join(f"{k} {v}" for k, v in versions.items()))
        print(f"{datetime.date.today()}, {options.rounds} rounds in turns\n")
        for setting in bench.settings:
            for tally, seconds in bench.choose_tally(setting).items():
                mark = ", taken" if tally == bench.tallies[setting] else ""
                print(f"- {setting}, {tally}: {seconds:.2f} s on 16,384 rows{mark}")
        print("\nLeast seconds, and in brackets the median.\n")
        lines, memory = compare(bench, options.rounds, options.only)
        print("\n".join(lines))
        print("\n" + "\n".join(commands(bench, options.rounds, memory)))
        print(f"\nload at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
