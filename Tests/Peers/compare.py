#!/usr/bin/env python3
"""Compares workbook with Python's safetensors, gguf, tokenizers and numpy on the same files.

    python3 -m pip install -r Tests/Peers/requirements.txt
    swift build -c release --product workbook
    python3 Tests/Peers/compare.py

Tensors must be identical: every value, by SHA-256 of all values as little-endian float32. Token ids
must be identical line by line. Formulas over tiny checkpoints of known layouts must give what numpy
gives for the same weights under TransformerLens's names, up to the rounding of the sums.

The files are made here, from fixed seeds; the three bundled models are read where they are. Only
the trained vocabularies vary a little: the trainers of `tokenizers` settle ties at random. Every
difference is printed with the file, the tensor or line, and where it begins. The exit status is 0
if there is none.
"""

import argparse
import contextlib
import functools
import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

import gguf
import numpy as np
import safetensors
import tokenizers
from gguf import GGMLQuantizationType as Quant
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

REPOSITORY = Path(__file__).resolve().parents[2]
BUNDLED = ["whisper-tiny.en", "smollm2-135m", "minilm-l6"]
SHOWN_DIFFERENCES = 20


# ---- The program, and what is reported about it


class WorkbookFault(Exception):
    """workbook ended with an error."""


class Workbook:
    """The program, run with a shelf of models of its own."""

    def __init__(self, binary, shelf):
        self.binary = str(binary)
        self.shelf = Path(shelf)
        self.shelf.mkdir()
        self.environment = dict(
            os.environ, WORKBOOK_HOME=str(REPOSITORY), WORKBOOK_MODELS=str(shelf), LC_ALL="C.UTF-8"
        )

    def run(self, *arguments, text=""):
        done = subprocess.run(
            [self.binary, *map(str, arguments)],
            input=text.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
        )
        if done.returncode != 0:
            message = done.stderr.decode(errors="replace").strip()
            raise WorkbookFault(f"workbook {' '.join(map(str, arguments))[:200]}: {message}")
        return done.stdout.decode()

    def shown(self, model, *options):
        return json.loads(self.run("models", "show", model, "--json", *options))["model"]

    def tensors(self, model):
        """Returns what `models show --digests` says of each stored tensor: shape, type, SHA-256.

        A matrix with a name of TransformerLens's is shown with its inputs first, where the file has
        its outputs first; its shape is turned back. Digests are of the file's own order.
        """
        return {
            entry["file_name"]: (
                entry["shape"][::-1] if is_turned(entry["name"]) else entry["shape"],
                entry["type"],
                entry["sha256_float32"],
            )
            for entry in self.shown(model, "--digests")["tensors"]
        }

    def tokens(self, model, lines):
        """Returns the ids of each line."""
        printed = self.run("models", "tokenize", model, text="".join(f"{line}\n" for line in lines))
        return [[int(id) for id in line.split()] for line in printed.split("\n")[:-1]]

    def value(self, model, formula):
        return json.loads(self.run("eval", formula, "--model", model, "--json"))["value"]


def is_turned(name):
    """Whether GGUF stores the tensor with this name transposed."""
    return bool(name) and name.startswith("W_") and name not in ("W_E", "W_pos", "W_type")


class Report:
    """Counts comparisons and prints those that fail."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    @contextlib.contextmanager
    def group(self, title):
        """Reports on the comparisons in a `with` block; an error within it is one that failed."""
        group = Group()
        try:
            yield group
        except (WorkbookFault, ValueError, KeyError, IndexError, TypeError) as fault:
            group.differences.append(f"{type(fault).__name__}: {fault}")
        if not group.passed and not group.differences:
            group.differences.append("nothing was compared")
        self.passed += group.passed
        self.failed += len(group.differences)
        outcome = f"{len(group.differences)} DIFFER" if group.differences else "identical"
        print(f"{title}: {group.passed + len(group.differences)} compared, {outcome}", flush=True)
        for difference in group.differences[:SHOWN_DIFFERENCES]:
            print(f"    {difference}")
        if len(group.differences) > SHOWN_DIFFERENCES:
            print(f"    and {len(group.differences) - SHOWN_DIFFERENCES} more")


class Group:
    def __init__(self):
        self.passed = 0
        self.differences = []

    def same(self, what, ours, peers):
        if ours == peers:
            self.passed += 1
        else:
            self.differences.append(f"{what}: workbook has {ours!r}, the peer {peers!r}")

    def same_array(self, what, ours, peers):
        """Compares float32 arrays bit by bit."""
        if ours.shape != peers.shape:
            self.same(what, ours.shape, peers.shape)
            return
        ours, peers = np.float32(ours), np.float32(peers)
        places = np.argwhere(np.atleast_1d(ours.view(np.uint32) != peers.view(np.uint32)))
        if not len(places):
            self.passed += 1
            return
        place = tuple(int(index) for index in places[0])
        self.differences.append(
            f"{what}: {len(places)} of {ours.size} values differ, first at {list(place)}: "
            f"workbook has {ours[place]!r}, the peer {peers[place]!r}"
        )

    def same_tensors(self, ours, peers):
        """Compares what `Workbook.tensors` gives with the peer's tensors: shape, type, values."""
        self.same("the tensors' names", sorted(ours), sorted(peers))
        for name in sorted(set(ours) & set(peers)):
            self.same(name, ours[name], peers[name])

    def same_lines(self, lines, ours, peers):
        self.same("the number of lines", len(ours), len(lines))
        for number, (line, mine, theirs) in enumerate(zip(lines, ours, peers), 1):
            if mine == theirs:
                self.passed += 1
                continue
            pairs = itertools.zip_longest(mine, theirs)
            place = next(index for index, (a, b) in enumerate(pairs) if a != b)
            start = max(0, place - 2)
            self.differences.append(
                f"line {number} {ascii(line[:90])}: token {place}: workbook has "
                f"…{mine[start : place + 4]}, the peer …{theirs[start : place + 4]}"
            )


def fingerprint(values):
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f4").tobytes()).hexdigest()


# ---- Reading with the peers


def from_bfloat16(data):
    return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")


def read_safetensors(path):
    """Returns shape, type and digest by name; no digest where workbook is to read no values."""
    read = {
        "F32": lambda data: np.frombuffer(data, "<f4"),
        "F16": lambda data: np.frombuffer(data, "<f2").astype("<f4"),
        "BF16": from_bfloat16,
    }
    return {
        name: (
            list(tensor["shape"]),
            tensor["dtype"],
            fingerprint(read[tensor["dtype"]](bytes(tensor["data"])))
            if tensor["dtype"] in read
            else None,
        )
        for name, tensor in safetensors.deserialize(Path(path).read_bytes())
    }


def gguf_values(tensor):
    """Returns a tensor's values as float32, in its shape."""
    values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    return values.reshape([int(size) for size in reversed(tensor.shape)]).astype(np.float32)


@functools.lru_cache(maxsize=4)
def open_gguf(path):
    """Opens a file; with a large vocabulary that takes the peer some seconds."""
    return gguf.GGUFReader(path)


def bundled(name):
    return REPOSITORY / "models" / f"{name}.gguf"


def read_gguf(path):
    """Returns shape, type and digest by name."""
    return {
        tensor.name: (
            [int(size) for size in reversed(tensor.shape)],
            tensor.tensor_type.name,
            fingerprint(gguf_values(tensor)),
        )
        for tensor in open_gguf(path).tensors
    }


def field(reader, key):
    """Returns the value of a GGUF file's metadata, or None."""
    return reader.fields[key].contents() if key in reader.fields else None


# ---- Writing the peers' files


DTYPES = {"F32": "float32", "F16": "float16", "BF16": "bfloat16", "F64": "float64"}
DTYPES.update({"I64": "int64", "BOOL": "bool"})


def write_safetensors(path, tensors, metadata=None):
    """Writes arrays, or triples of type, shape and bytes, by the peer's own writer."""
    described = {}
    for name, tensor in tensors.items():
        if isinstance(tensor, np.ndarray):
            tensor = (
                {"f2": "F16", "f4": "F32", "f8": "F64"}[tensor.dtype.str[1:]],
                tensor.shape,
                np.ascontiguousarray(tensor).tobytes(),
            )
        dtype, shape, data = tensor
        described[name] = {"dtype": DTYPES[dtype], "shape": list(shape), "data": data}
    Path(path).write_bytes(bytes(safetensors.serialize(described, metadata)))


def model_folder(parent, name, tensors, config=None):
    folder = parent / name
    folder.mkdir()
    write_safetensors(folder / "model.safetensors", tensors, {"format": "pt"})
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    return folder


# ---- 1. Tensors


def compare_bundled(report, workbook):
    for name in BUNDLED:
        path = bundled(name)
        with report.group(f"tensors of {path.name}") as group:
            group.same_tensors(workbook.tensors(path), read_gguf(path))


def compare_safetensors(report, workbook, folder):
    generator = np.random.default_rng(1)
    every_half = np.arange(1 << 16, dtype="<u2")
    # The bits of a signalling NaN are the one thing that processors widen differently.
    halves = every_half[
        ~((every_half & 0x7C00 == 0x7C00) & (every_half & 0x3FF != 0) & (every_half & 0x200 == 0))
    ]
    words = generator.integers(0, 1 << 32, (37, 41), dtype=np.uint32)
    tensors = {
        "wte.weight": generator.standard_normal((7, 12)).astype("<f4"),
        "f32.any_bits": ("F32", words.shape, words.tobytes()),
        "f32.extremes": np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -3.4e38], "<f4"),
        "f16.every": ("F16", halves.shape, halves.tobytes()),
        "bf16.every": ("BF16", (256, 256), every_half.tobytes()),
        "bf16.cube": ("BF16", (2, 3, 5), every_half[16000:16030].tobytes()),
        "f64.matrix": generator.standard_normal((3, 4)),
        "i64.vector": ("I64", (3,), np.array([1, -2, 3], "<i8").tobytes()),
        "bool.vector": ("BOOL", (5,), bytes([0, 1, 1, 0, 1])),
        "f32.rank0": ("F32", (), np.float32(2.5).tobytes()),
        "f16.rank0": ("F16", (), np.float16(-0.1).tobytes()),
        "f32.empty": ("F32", (0,), b""),
        "bf16.empty": ("BF16", (3, 0, 2), b""),
        "f32.four_dimensions": generator.standard_normal((2, 3, 1, 4)).astype("<f4"),
        "f32.large": generator.standard_normal((1031, 517)).astype("<f4"),
        "f16.large": generator.standard_normal((1031, 517)).astype("<f2"),
        'odd "name"\\\t\u00e9\u4e2d\U0001f642': np.ones(3, "<f4"),
    }
    with report.group("tensors of a safetensors file") as group:
        path = model_folder(folder, "types", tensors) / "model.safetensors"
        group.same_tensors(workbook.tensors(path), read_safetensors(path))

    with report.group("tensors of sharded safetensors") as group:
        sharded = folder / "sharded"
        sharded.mkdir()
        expected, weight_map = {}, {}
        names = list(tensors)
        for shard in range(3):
            name = f"model-{shard + 1:05}-of-00003.safetensors"
            part = {key: tensors[key] for key in names[shard::3]}
            write_safetensors(sharded / name, part, {"format": "pt"})
            expected.update(read_safetensors(sharded / name))
            weight_map.update(dict.fromkeys(part, name))
        index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
        (sharded / "model.safetensors.index.json").write_text(json.dumps(index))
        group.same_tensors(workbook.tensors(sharded), expected)


# Where a block's half-precision scales begin, and how many there are.
SCALES = {
    Quant.Q8_0: (0, 1),
    Quant.Q4_0: (0, 1),
    Quant.Q4_1: (0, 2),
    Quant.Q5_0: (0, 1),
    Quant.Q5_1: (0, 2),
    Quant.Q4_K: (0, 2),
    Quant.Q5_K: (0, 2),
    Quant.Q6_K: (208, 1),
}
WRITABLE = [Quant.Q8_0, Quant.Q4_0, Quant.Q4_1, Quant.Q5_0, Quant.Q5_1]


def random_blocks(generator, kind, shape):
    """Returns any bytes, but finite scales: ordinary ones, zeros, subnormal and large ones."""
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = generator.integers(0, 256, (int(np.prod(shape)) // elements, size), dtype=np.uint8)
    start, count = SCALES[kind]
    scales = generator.standard_normal((len(blocks), count)).astype("<f2")
    scales[::7] = 0
    scales[3::11] = np.float16(5e-7)
    scales[5::13] = np.float16(-60000)
    blocks[:, start : start + 2 * count] = scales.view(np.uint8)
    return blocks.reshape(*shape[:-1], shape[-1] // elements * size)


def compare_gguf(report, workbook, folder):
    shapes = [(256,), (1, 256), (13, 512), (3, 5, 256)]
    for alignment in (8, 32, 64, 4096):
        generator = np.random.default_rng(alignment)
        path = folder / f"alignment-{alignment}.gguf"
        writer = gguf.GGUFWriter(path, "llama")
        if alignment != 32:
            writer.add_custom_alignment(alignment)
        writer.add_string("general.description", "peers \u00e9\u4e2d")
        for index, shape in enumerate(shapes):
            values = generator.standard_normal(shape).astype(np.float32)
            values.flat[:2] = [0, -0.0]
            writer.add_tensor(f"t{index}.F32", values)
            writer.add_tensor(f"t{index}.F16", values.astype(np.float16))
            brain = gguf.quants.quantize(values, Quant.BF16)
            writer.add_tensor(f"t{index}.BF16", brain, raw_dtype=Quant.BF16)
            for kind in WRITABLE:
                blocks = gguf.quants.quantize(values, kind)
                writer.add_tensor(f"t{index}.{kind.name}", blocks, raw_dtype=kind)
            for kind in SCALES:
                blocks = random_blocks(generator, kind, shape)
                writer.add_tensor(f"t{index}.any.{kind.name}", blocks, raw_dtype=kind)
        # Sizes that leave the next tensor's start to be padded.
        writer.add_tensor("one", np.ones(1, np.float32))
        writer.add_tensor("three", np.arange(3, dtype=np.float16))
        writer.add_tensor("token_embd.weight", np.eye(8, 5, dtype=np.float32))
        close(writer)
        with report.group(f"tensors of a GGUF file aligned to {alignment}") as group:
            group.same_tensors(workbook.tensors(path), read_gguf(path))


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def stored_as(values, kind):
    """Returns values after they were stored by the peer."""
    return gguf.quants.dequantize(gguf.quants.quantize(values, kind), kind).reshape(values.shape)


def compare_packing(report, workbook, folder):
    """Packs the bundled models in every type, and compares with the peer's own encoding."""
    for name, kind in itertools.product(BUNDLED, ["f32", "f16", "q8_0"]):
        with report.group(f"{name} packed as {kind}") as group:
            path = folder / f"{name}-{kind}.gguf"
            workbook.run(
                "models", "pack", name, "--type", kind, "--rows", 2000, "--seed", 5, "--out", path
            )
            compare_packed(group, path, bundled(name), Quant[kind.upper()])
    # Quantising again what was quantised is too easy: these values fall anywhere.
    generator = np.random.default_rng(11)
    scales = np.exp(generator.uniform(-12, 9, (300, 1)))
    values = (generator.standard_normal((300, 256)) * scales).astype("<f4")
    values[0] = 0
    values[1, :64] = np.arange(64) - 32
    values[2] = (generator.integers(-254, 255, 256) / 2).astype("<f4")
    values[2, ::32] = 127
    values[3] = 1e-45
    values[4] = 6e4
    source = model_folder(folder, "rows", {"wte.weight": values, "wpe.weight": values[5:9]})
    for kind in (Quant.F32, Quant.F16, Quant.Q8_0):
        with report.group(f"random rows packed as {kind.name.lower()}") as group:
            path = folder / f"rows-{kind.name}.gguf"
            workbook.run("models", "pack", source, "--type", kind.name.lower(), "--out", path)
            packed = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
            with np.errstate(over="ignore"):
                expected = gguf.quants.quantize(values, kind)
            embedding = packed["token_embd.weight"]
            group.same("the type", embedding.tensor_type, kind)
            group.same(
                "the stored bytes",
                hashlib.sha256(embedding.data.tobytes()).hexdigest(),
                hashlib.sha256(np.ascontiguousarray(expected).tobytes()).hexdigest(),
            )
            with np.errstate(over="ignore", invalid="ignore"):
                group.same_array(
                    "token_embd.weight", gguf_values(embedding), stored_as(values, kind)
                )


def compare_packed(group, path, source, matrix_type):
    packed = gguf.GGUFReader(path)
    rows = np.array(field(packed, "workbook.row_ids"))
    group.same("the number of rows", len(rows), 2000)
    source = {tensor.name: tensor for tensor in open_gguf(source).tensors}
    group.same("the names", sorted(t.name for t in packed.tensors), sorted(source))
    for tensor in packed.tensors:
        values = gguf_values(source[tensor.name])
        if tensor.name in ("token_embd.weight", "output.weight"):
            values = values[rows]
            group.same(f"the type of {tensor.name}", tensor.tensor_type, matrix_type)
        group.same_array(tensor.name, gguf_values(tensor), stored_as(values, tensor.tensor_type))
        if matrix_type == Quant.F32:
            group.same_array(f"{tensor.name}, unrounded", gguf_values(tensor), values)


# ---- 1e. Layouts: what TransformerLens calls each tensor


class Checkpoint:
    """A tiny checkpoint with random weights, and what TransformerLens would hold of it."""

    width, hidden, heads, vocabulary, positions, layers = 12, 20, 3, 50, 9, 2

    def __init__(self, name, prefix="", **config):
        self.name = name
        self.prefix = prefix
        self.config = config
        self.tensors = {}
        self.expected = {}
        self.generator = np.random.default_rng(sum(name.encode()))

    def store(self, file, shape):
        values = self.generator.standard_normal(shape).astype("<f4")
        self.tensors[self.prefix + file] = values
        return values

    def plain(self, file, name, *shape):
        self.expected[name] = self.store(file, shape)

    def unnamed(self, file, *shape):
        self.store(file, shape)

    def norm(self, file, name, layer="", endings=("weight", "bias")):
        for ending, letter in zip(endings, "wb"):
            self.plain(f"{file}.{ending}", f"{name}_{letter}{layer}", self.width)

    def linear(self, file, name, layer, inputs, outputs, bias=True):
        """`torch.nn.Linear`: outputs first."""
        self.expected[f"W_{name}{layer}"] = self.store(f"{file}.weight", (outputs, inputs)).T
        if bias:
            self.plain(f"{file}.bias", f"b_{name}{layer}", outputs)

    def conv1d(self, file, name, layer, inputs, outputs):
        """GPT-2's `Conv1D`: inputs first."""
        self.plain(f"{file}.weight", f"W_{name}{layer}", inputs, outputs)
        self.plain(f"{file}.bias", f"b_{name}{layer}", outputs)

    def blocks(self):
        return [(index, f"[{index}]") for index in range(self.layers)]


def gpt2(name, prefix):
    model = Checkpoint(name, prefix, model_type="gpt2", n_head=3, n_positions=9)
    d = model.width
    model.plain("wte.weight", "W_E", model.vocabulary, d)
    model.plain("wpe.weight", "W_pos", model.positions, d)
    for index, layer in model.blocks():
        block = f"h.{index}"
        model.norm(f"{block}.ln_1", "ln1", layer)
        model.unnamed(f"{block}.attn.bias", 1, 1, model.positions, model.positions)
        joined = model.store(f"{block}.attn.c_attn.weight", (d, 3 * d))
        bias = model.store(f"{block}.attn.c_attn.bias", (3 * d,))
        for third, letter in enumerate("QKV"):
            part = slice(third * d, (third + 1) * d)
            model.expected[f"W_{letter}{layer}"] = joined[:, part]
            model.expected[f"b_{letter}{layer}"] = bias[part]
        model.conv1d(f"{block}.attn.c_proj", "O", layer, d, d)
        model.norm(f"{block}.ln_2", "ln2", layer)
        model.conv1d(f"{block}.mlp.c_fc", "in", layer, d, model.hidden)
        model.conv1d(f"{block}.mlp.c_proj", "out", layer, model.hidden, d)
    model.norm("ln_f", "ln_final")
    return model


def gpt_neo():
    model = Checkpoint("gpt_neo", "transformer.", model_type="gpt_neo", num_heads=3)
    d = model.width
    model.plain("wte.weight", "W_E", model.vocabulary, d)
    model.plain("wpe.weight", "W_pos", model.positions, d)
    for index, layer in model.blocks():
        block = f"h.{index}"
        model.norm(f"{block}.ln_1", "ln1", layer)
        model.unnamed(f"{block}.attn.attention.bias", 1, 1, model.positions, model.positions)
        model.unnamed(f"{block}.attn.attention.masked_bias")
        for letter in "kvq":
            file = f"{block}.attn.attention.{letter}_proj"
            model.linear(file, letter.upper(), layer, d, d, bias=False)
        model.linear(f"{block}.attn.attention.out_proj", "O", layer, d, d)
        model.norm(f"{block}.ln_2", "ln2", layer)
        model.linear(f"{block}.mlp.c_fc", "in", layer, d, model.hidden)
        model.linear(f"{block}.mlp.c_proj", "out", layer, model.hidden, d)
    model.norm("ln_f", "ln_final")
    model.prefix = ""
    model.linear("lm_head", "U", "", d, model.vocabulary, bias=False)
    return model


def gpt_neox():
    model = Checkpoint("gpt_neox", "gpt_neox.", model_type="gpt_neox", num_attention_heads=3)
    d, heads = model.width, model.heads
    model.plain("embed_in.weight", "W_E", model.vocabulary, d)
    for index, layer in model.blocks():
        block = f"layers.{index}"
        model.norm(f"{block}.input_layernorm", "ln1", layer)
        model.norm(f"{block}.post_attention_layernorm", "ln2", layer)
        model.unnamed(f"{block}.attention.bias", 1, 1, model.positions, model.positions)
        model.unnamed(f"{block}.attention.masked_bias")
        model.unnamed(f"{block}.attention.rotary_emb.inv_freq", 2)
        joined = model.store(f"{block}.attention.query_key_value.weight", (3 * d, d))
        bias = model.store(f"{block}.attention.query_key_value.bias", (3 * d,))
        for third, letter in enumerate("QKV"):
            by_head = joined.reshape(heads, 3, d // heads, d)[:, third]
            model.expected[f"W_{letter}{layer}"] = by_head.reshape(d, d).T
            by_head = bias.reshape(heads, 3, d // heads)[:, third]
            model.expected[f"b_{letter}{layer}"] = by_head.reshape(d)
        model.linear(f"{block}.attention.dense", "O", layer, d, d)
        model.linear(f"{block}.mlp.dense_h_to_4h", "in", layer, d, model.hidden)
        model.linear(f"{block}.mlp.dense_4h_to_h", "out", layer, model.hidden, d)
    model.norm("final_layer_norm", "ln_final")
    model.prefix = ""
    model.linear("embed_out", "U", "", d, model.vocabulary, bias=False)
    return model


def opt(name, prefix):
    model = Checkpoint(name, prefix, model_type="opt", num_attention_heads=3)
    d = model.width
    model.plain("embed_tokens.weight", "W_E", model.vocabulary, d)
    # Position p is looked up in row p + 2.
    model.expected["W_pos"] = model.store("embed_positions.weight", (model.positions + 2, d))[2:]
    for index, layer in model.blocks():
        block = f"layers.{index}"
        for letter in "kvq":
            model.linear(f"{block}.self_attn.{letter}_proj", letter.upper(), layer, d, d)
        model.linear(f"{block}.self_attn.out_proj", "O", layer, d, d)
        model.norm(f"{block}.self_attn_layer_norm", "ln1", layer)
        model.linear(f"{block}.fc1", "in", layer, d, model.hidden)
        model.linear(f"{block}.fc2", "out", layer, model.hidden, d)
        model.norm(f"{block}.final_layer_norm", "ln2", layer)
    model.norm("final_layer_norm", "ln_final")
    return model


def llama():
    """Three heads of queries share one of keys and values."""
    model = Checkpoint(
        "llama", "model.", model_type="llama", num_attention_heads=3, num_key_value_heads=1
    )
    d, shared = model.width, model.width // model.heads
    model.plain("embed_tokens.weight", "W_E", model.vocabulary, d)
    for index, layer in model.blocks():
        block = f"layers.{index}"
        model.norm(f"{block}.input_layernorm", "ln1", layer, endings=["weight"])
        for letter, outputs in [("q", d), ("k", shared), ("v", shared)]:
            file = f"{block}.self_attn.{letter}_proj"
            model.linear(file, letter.upper(), layer, d, outputs, bias=False)
        model.linear(f"{block}.self_attn.o_proj", "O", layer, d, d, bias=False)
        model.norm(f"{block}.post_attention_layernorm", "ln2", layer, endings=["weight"])
        model.linear(f"{block}.mlp.gate_proj", "gate", layer, d, model.hidden, bias=False)
        model.linear(f"{block}.mlp.up_proj", "in", layer, d, model.hidden, bias=False)
        model.linear(f"{block}.mlp.down_proj", "out", layer, model.hidden, d, bias=False)
    model.norm("norm", "ln_final", endings=["weight"])
    model.prefix = ""
    model.linear("lm_head", "U", "", d, model.vocabulary, bias=False)
    return model


def bert(name, prefix):
    model = Checkpoint(name, prefix, model_type="bert", num_attention_heads=3)
    d = model.width
    model.plain("embeddings.word_embeddings.weight", "W_E", model.vocabulary, d)
    model.plain("embeddings.position_embeddings.weight", "W_pos", model.positions, d)
    model.plain("embeddings.token_type_embeddings.weight", "W_type", 2, d)
    model.norm("embeddings.LayerNorm", "ln_embed")
    for index, layer in model.blocks():
        block = f"encoder.layer.{index}"
        for part in ("query", "key", "value"):
            file = f"{block}.attention.self.{part}"
            model.linear(file, part[0].upper(), layer, d, d)
        model.linear(f"{block}.attention.output.dense", "O", layer, d, d)
        model.norm(f"{block}.attention.output.LayerNorm", "ln1", layer)
        model.linear(f"{block}.intermediate.dense", "in", layer, d, model.hidden)
        model.linear(f"{block}.output.dense", "out", layer, model.hidden, d)
        model.norm(f"{block}.output.LayerNorm", "ln2", layer)
    model.unnamed("pooler.dense.weight", d, d)
    model.unnamed("pooler.dense.bias", d)
    return model


def whisper():
    model = Checkpoint("whisper", "model.", model_type="whisper", decoder_attention_heads=3)
    d = model.width
    # The encoder has no names here, and must not take the decoder's.
    model.unnamed("encoder.conv1.weight", d, 8, 3)
    model.unnamed("encoder.embed_positions.weight", model.positions, d)
    model.unnamed("encoder.layers.0.self_attn.q_proj.weight", d, d)
    model.unnamed("encoder.layers.0.fc1.weight", model.hidden, d)
    model.unnamed("encoder.layer_norm.weight", d)
    model.plain("decoder.embed_tokens.weight", "W_E", model.vocabulary, d)
    model.plain("decoder.embed_positions.weight", "W_pos", model.positions, d)
    for index, layer in model.blocks():
        block = f"decoder.layers.{index}"
        for letter in "kvq":
            file = f"{block}.self_attn.{letter}_proj"
            model.linear(file, letter.upper(), layer, d, d, bias=letter != "k")
            model.unnamed(f"{block}.encoder_attn.{letter}_proj.weight", d, d)
        model.linear(f"{block}.self_attn.out_proj", "O", layer, d, d)
        model.norm(f"{block}.self_attn_layer_norm", "ln1", layer)
        model.unnamed(f"{block}.encoder_attn.out_proj.weight", d, d)
        model.norm(f"{block}.encoder_attn_layer_norm", "ln_cross", layer)
        model.linear(f"{block}.fc1", "in", layer, d, model.hidden)
        model.linear(f"{block}.fc2", "out", layer, model.hidden, d)
        model.norm(f"{block}.final_layer_norm", "ln2", layer)
    model.norm("decoder.layer_norm", "ln_final")
    model.prefix = ""
    model.linear("proj_out", "U", "", d, model.vocabulary, bias=False)
    return model


def weighed(name, values):
    """Returns a formula whose value tells every place of a tensor apart, numpy's value of it, and
    the sum of the magnitudes, which bounds the rounding."""
    last = np.sqrt(np.arange(values.shape[-1]) + 1.0)
    formula, weights = f"sqrt(row_number({len(last)}) + 1)", last
    if values.ndim == 1:
        formula = f"dot({name}, {formula})"
    else:
        first = np.log(np.arange(len(values)) + 2.0)
        formula = f"dot({name} @ {formula}, log(row_number({len(first)}) + 2))"
        weights = first[:, None] * last
    products = values.astype(np.float64) * weights
    return formula, products.sum(), np.abs(products).sum()


# Two products of float32 vectors, each of which rounds at 2^-24 of its terms, and the weights.
ROUNDING = 4 * 2.0**-24


def compare_formulas(group, workbook, model, entries):
    """Compares pairs of a name and (formula, value, magnitude)."""
    for start in range(0, len(entries), 40):
        part = entries[start : start + 40]
        values = workbook.value(model, f"[{', '.join(formula for _, (formula, _, _) in part)}]")
        group.same("the number of values", len(values), len(part))
        for (name, (_, expected, magnitude)), value in zip(part, values):
            if abs(value - expected) <= ROUNDING * magnitude:
                group.passed += 1
            else:
                group.same(name, value, float(expected))


def compositions(expected):
    """Formulas that read two tensors together, as the puzzles do."""
    exact = {name: values.astype(np.float64) for name, values in expected.items()}
    sizes = {name: np.abs(values) for name, values in exact.items()}

    def entry(names, row, weights, spelled):
        """The weighed sum of one row of a product of matrices."""
        formula = f"dot(({' @ '.join(names)})[{row}], {spelled})"
        value, size = (
            functools.reduce(np.matmul, [tensors[name] for name in names])[row] @ weights
            for tensors in (exact, sizes)
        )
        return " @ ".join(names), (formula, value, size)

    chains = [
        ["W_E", "W_Q[1]"],
        ["W_in[0]", "W_out[0]"],
        ["W_E", "W_V[0]", "W_O[0]"],
        ["W_E", "W_U"],
    ]
    for names in chains:
        widths = [exact[name].shape for name in names if name in exact]
        fits = all(left[1] == right[0] for left, right in zip(widths, widths[1:]))
        # Some layouts tie W_U; where heads share values, W_V is narrower than W_O.
        if len(widths) == len(names) and fits:
            count = widths[-1][1]
            yield entry(names, 3, np.sqrt(np.arange(count) + 1.0), f"sqrt(row_number({count}) + 1)")
    if "W_pos" in exact:
        last = exact["W_pos"][-1]
        formula = f"sum(W_pos[{len(exact['W_pos']) - 1}] ^ 2)"
        yield "the last position", (formula, last @ last, last @ last)


# GGUF's names in llama.cpp's spelling; matrices have their outputs first.
GGUF_NAMES = {
    "W_E": "token_embd.weight", "W_pos": "position_embd.weight", "W_type": "token_types.weight",
    "ln_embed_w": "token_embd_norm.weight", "ln_embed_b": "token_embd_norm.bias",
    "ln_final_w": "output_norm.weight", "ln_final_b": "output_norm.bias", "W_U": "output.weight",
    "ln1": "attn_norm", "ln2": "ffn_norm", "ln_cross": "cross_attn_norm", "Q": "attn_q",
    "K": "attn_k", "V": "attn_v", "O": "attn_output", "in": "ffn_up", "out": "ffn_down",
    "gate": "ffn_gate",
}  # fmt: skip


def gguf_name(name):
    """Returns the name that a GGUF file has for one of TransformerLens's."""
    if name in GGUF_NAMES:
        return GGUF_NAMES[name]
    base, layer = name[:-1].split("[")
    if base[:2] in ("W_", "b_"):
        part, ending = base[2:], "weight" if base[0] == "W" else "bias"
    else:
        part, ending = base[:-2], "weight" if base[-1] == "w" else "bias"
    return f"blk.{layer}.{GGUF_NAMES[part]}.{ending}"


def compare_layouts(report, workbook, folder):
    checkpoints = [gpt2("gpt2", ""), gpt2("gpt2-prefixed", "transformer."), gpt_neo(), gpt_neox()]
    checkpoints += [opt("opt", "model.decoder."), opt("opt-bare", "decoder."), llama()]
    checkpoints += [bert("bert", ""), bert("bert-prefixed", "bert."), whisper()]
    for checkpoint in checkpoints:
        expected = checkpoint.expected
        entries = [(name, weighed(name, values)) for name, values in expected.items()]
        entries += compositions(expected)
        path = model_folder(folder, checkpoint.name, checkpoint.tensors, checkpoint.config)
        with report.group(f"layout {checkpoint.name}") as group:
            shown = workbook.shown(path, "--digests")["tensors"]
            shapes = {entry["name"]: entry["shape"] for entry in shown if entry["name"]}
            wanted = {name: list(values.shape) for name, values in expected.items()}
            group.same("the names and shapes", shapes, wanted)
            digests = {entry["file_name"]: entry["sha256_float32"] for entry in shown}
            for name, (_, _, digest) in read_safetensors(path / "model.safetensors").items():
                group.same(name, digests.get(name), digest)
            compare_formulas(group, workbook, path, entries)
        with report.group(f"layout {checkpoint.name}, packed") as group:
            packed = folder / f"{checkpoint.name}.gguf"
            workbook.run("models", "pack", path, "--type", "f32", "--out", packed)
            compare_formulas(group, workbook, packed, entries)
            tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(packed).tensors}
            group.same("the file's names", sorted(tensors), sorted(map(gguf_name, expected)))
            for name, values in expected.items():
                if gguf_name(name) in tensors:
                    group.same_array(
                        gguf_name(name),
                        gguf_values(tensors[gguf_name(name)]),
                        values.T if is_turned(name) else values,
                    )


def compare_joined_gguf(report, workbook, folder):
    """Reads queries, keys and values that a GGUF file joins: three runs of outputs."""
    for checkpoint in (gpt2("gpt2-joined", ""), gpt_neox()):
        expected = checkpoint.expected
        path = folder / f"{checkpoint.name}-joined.gguf"
        writer = gguf.GGUFWriter(path, checkpoint.config["model_type"].replace("_", ""))
        writer.add_head_count(checkpoint.heads)
        for name, values in expected.items():
            if name[2:3] not in ("Q", "K", "V"):
                writer.add_tensor(
                    gguf_name(name), np.array(values.T if is_turned(name) else values)
                )
        for index, layer in checkpoint.blocks():
            weights = [expected[f"W_{letter}{layer}"].T for letter in "QKV"]
            biases = [expected[f"b_{letter}{layer}"] for letter in "QKV"]
            writer.add_tensor(f"blk.{index}.attn_qkv.weight", np.concatenate(weights))
            writer.add_tensor(f"blk.{index}.attn_qkv.bias", np.concatenate(biases))
        close(writer)
        with report.group(f"layout {checkpoint.config['model_type']} of GGUF, joined") as group:
            entries = [(name, weighed(name, values)) for name, values in expected.items()]
            compare_formulas(group, workbook, path, entries + list(compositions(expected)))


# ---- 1f. Embeddings that are no model files


def compare_imports(report, workbook, folder):
    generator = np.random.default_rng(21)
    words = ["the", "New_York", "caf\u00e9", "\u4e2d\u6587", "\U0001f642", ".", "don't", "x" * 300]
    words += [f"word{index}" for index in range(200)]
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
    (folder / "words.json").write_text(json.dumps(words))
    values = generator.standard_normal((len(words), 25))
    values *= 10.0 ** generator.integers(-8, 5, values.shape)
    values[0, :4] = [0, -0.0, 1e-45, 65504]

    def compare(name, path, expected, *options):
        with report.group(f"import of {path.name}") as group:
            workbook.run("models", "import", path, "--name", name, *options)
            entry = (list(expected.shape), "F32", fingerprint(expected))
            group.same_tensors(workbook.tensors(name), {"token_embd.weight": entry})
            reader = gguf.GGUFReader(list(workbook.shelf.rglob(f"{name}.gguf"))[0])
            group.same_array("token_embd.weight", gguf_values(reader.tensors[0]), expected)
            has_words = options or path.suffix == ".txt"
            listed = field(reader, "tokenizer.ggml.tokens")
            group.same("the words", listed, words if has_words else None)

    for kind in ("f2", "f4", "f8"):
        with np.errstate(over="ignore"):
            array = values.astype(f"<{kind}")
        for version in ((1, 0), (2, 0), (3, 0)):
            name = f"npy-{kind}-{version[0]}"
            path = folder / f"{name}.npy"
            with open(path, "wb") as file:
                np.lib.format.write_array(file, array, version=version)
            tokens = folder / ("words.json" if version[0] == 2 else "words.txt")
            compare(name, path, array.astype("<f4"), "--tokens", tokens)
    np.save(folder / "npy-nameless.npy", values)
    compare("npy-nameless", folder / "npy-nameless.npy", values.astype("<f4"))

    # A decimal goes to float32 by way of float64 in numpy, and straight there in workbook. That is
    # the same number unless float64 rounds it to just between two float32, which these do not.
    styles = {
        "repr": repr, "fixed": "{:.6f}".format, "short": "{:.4g}".format, "exact": "{:.25g}".format,
        "exponent": "{:.9e}".format, "signed": "{:+.3f}".format, "capital": "{:.20E}".format,
    }  # fmt: skip
    for style, spelled in styles.items():
        texts = [[spelled(float(number)) for number in row] for row in values]
        texts[1][:4] = ["1e2", "-.5", "3.", "+00007"]
        numbers = np.array([[np.float32(text) for text in row] for row in texts])
        lines = [" ".join([word, *row]) for word, row in zip(words, texts)]
        path = folder / f"glove-{style}.txt"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        compare(path.stem, path, numbers)
        # word2vec's own program leaves a space at each line's end, gensim does not.
        end = " \n" if style == "fixed" else "\n"
        path = folder / f"word2vec-{style}.txt"
        lines.insert(0, "{} {}".format(*numbers.shape))
        path.write_text("".join(f"{line}{end}" for line in lines), encoding="utf-8")
        compare(path.stem, path, numbers)


# ---- 2. Tokens: the text

# Where the letters, marks and digits of a script are; of them those that Unicode 3.2 knew, so that
# the text is the same whatever Unicode the running Python knows.
SCRIPTS = {
    "Latin": [(0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF)],
    "IPA and modifiers": [(0x250, 0x2FF), (0x61, 0x7A)],
    "combining marks": [(0x300, 0x36F), (0x61, 0x7A)],
    "Greek": [(0x370, 0x3FF), (0x1F00, 0x1FFF)],
    "Cyrillic": [(0x400, 0x52F)],
    "Armenian": [(0x530, 0x58F)],
    "Hebrew": [(0x591, 0x5F4), (0xFB1D, 0xFB4F)],
    "Arabic": [(0x60C, 0x6FE), (0xFB50, 0xFDFB), (0xFE70, 0xFEFC)],
    "Syriac": [(0x700, 0x74A)],
    "Thaana": [(0x780, 0x7B1)],
    "Devanagari": [(0x901, 0x970)],
    "Bengali": [(0x981, 0x9FA)],
    "Gurmukhi": [(0xA02, 0xA74)],
    "Gujarati": [(0xA81, 0xAEF)],
    "Oriya": [(0xB01, 0xB70)],
    "Tamil": [(0xB82, 0xBF2)],
    "Telugu": [(0xC01, 0xC6F)],
    "Kannada": [(0xC82, 0xCEF)],
    "Malayalam": [(0xD02, 0xD6F)],
    "Sinhala": [(0xD82, 0xDF4)],
    "Thai": [(0xE01, 0xE5B)],
    "Lao": [(0xE81, 0xEDD)],
    "Tibetan": [(0xF00, 0xFCF)],
    "Myanmar": [(0x1000, 0x1059)],
    "Georgian": [(0x10A0, 0x10FB)],
    "Hangul jamo": [(0x1100, 0x11F9)],
    "Ethiopic": [(0x1200, 0x137C)],
    "Cherokee": [(0x13A0, 0x13F4)],
    "Canadian syllabics": [(0x1401, 0x1676)],
    "Ogham": [(0x1680, 0x169C)],
    "Runic": [(0x16A0, 0x16F0)],
    "Khmer": [(0x1780, 0x17E9)],
    "Mongolian": [(0x1800, 0x18A9)],
    "Hiragana": [(0x3041, 0x309F)],
    "Katakana": [(0x30A0, 0x30FF), (0xFF65, 0xFF9F)],
    "Bopomofo": [(0x3105, 0x31B7)],
    "Han": [(0x4E00, 0x9FA5), (0x3005, 0x3007)],
    "rare Han": [(0x3400, 0x4DB5), (0x20000, 0x2A6D6), (0xF900, 0xFA6A), (0x2F800, 0x2FA1D)],
    "Hangul": [(0xAC00, 0xD7A3)],
    "Yi": [(0xA000, 0xA4C6)],
    "compatibility forms": [(0xFF01, 0xFFEE), (0x2460, 0x24FF), (0x3200, 0x33FE), (0xFB00, 0xFB06)],
    "letter-like and numbers": [(0x2070, 0x218F)],
    "mathematical letters": [(0x1D400, 0x1D7FF)],
    "musical signs": [(0x1D100, 0x1D1DD)],
    "Gothic and Deseret": [(0x10300, 0x1034A), (0x10400, 0x1044D)],
    "symbols": [(0x2000, 0x206F), (0x20A0, 0x20B1), (0x2190, 0x23CE), (0x2500, 0x27BE)],
    "punctuation": [(0x21, 0x40), (0x5B, 0x60), (0x7B, 0x7E), (0xA1, 0xBF), (0x3001, 0x3020)],
    "digits": [(0x30, 0x39), (0x660, 0x669), (0x6F0, 0x6F9), (0x966, 0x96F), (0xE50, 0xE59),
               (0xFF10, 0xFF19), (0x1D7CE, 0x1D7FF), (0xB2, 0xB3), (0xBC, 0xBE), (0x2150, 0x2183)],
    "private and odd": [(0xE000, 0xE010), (0xFFF9, 0xFFFD), (0xE0001, 0xE007F)],
}  # fmt: skip

SPACES = [
    *[" "] * 4, "  ", "   ", "      ", "\t", "\t\t", " \t", "\r", " \r", "\u00a0", "\u2003",
    "\u2009\u200a", "\u3000", "\u1680", "\u202f", "\u2028", "\u2029", "\x85", "\x0b", "\x0c",
    "\x1c", "\x1f", "\u200b", "\ufeff", "\u2060", "\u205f", "\u180e", "",
]  # fmt: skip

SENTENCES = """
The quick brown fox jumps over the lazy dog; I'm sure they've said we'll "manage", haven't you?
Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich – ganz schön weiß!
Portez ce vieux whisky au juge blond qui fume : dès Noël, où l’île s’éveille, « ça » naît.
El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío; ¿añoraba a su querido cachorro?
Luís argüia à Júlia que «brações, fé, chá, óxido, pôr, zângão» eram palavras do português.
Pchnąć w tę łódź jeża lub ośm skrzyń fig. Příliš žluťoučký kůň úpěl ďábelské ódy.
Árvíztűrő tükörfúrógép. Pijamalı hasta yağız şoföre çabucak güvendi. İIıi DİYARBAKIR
Kæmi ný öxi hér, ykist þjófum nú bæði víl og ádrepa. Høj bly gom vandt fræk sexquiz på wc.
Do bạch kim rất quý nên sẽ dùng để lắp vô xương; Việt Nam đẹp lắm, tiếng Việt có dấu.
Γαζίες καὶ μυρτιὲς δὲν θὰ βρῶ πιὰ στὸ χρυσαφὶ ξέφωτο. ΟΔΥΣΣΕΥΣ, ὀδυσσεύς; ᾳ ῷ ᾎ
Съешь же ещё этих мягких французских булок, да выпей чаю. Щастя, ґанок, їжак, Ђорђе.
Ով հերոսուհի ու թագուհի. Ցանկացած մարդ ունի ապրելու իրավունք։ և ԵՒ
דג סקרן שט בים מאוכזב ולפתע מצא חברה; שָׁלוֹם עֲלֵיכֶם, ״ירושלים״ 123.
نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر؛ السَّلَامُ عَلَيْكُم ١٢٣٫٤ ﷺ ﷽ لا
پیر مرد کتاب‌های قدیمی را می‌خواند، ۱۴۰۲/۰۱/۰۱. ٹوٹی ہوئی کرسی ۔
ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश। क्षत्रिय श्री १२३ ॐ नुक़्ता
আমার সোনার বাংলা, আমি তোমায় ভালোবাসি। ক্ষ জ্ঞ ত্র ড় ঢ় য় ৫৬৭ কো কৌ
ਸਾਰੇ ਮਨੁੱਖ ਆਜ਼ਾਦ ਪੈਦਾ ਹੋਏ ਹਨ। બધા મનુષ્યો જન્મથી સ્વતંત્ર છે. ସମସ୍ତ ମଣିଷ ଜନ୍ମରୁ ସ୍ୱାଧୀନ
யாமறிந்த மொழிகளிலே தமிழ்மொழி போல் இனிதாவது எங்கும் காணோம். கொ கோ கௌ ஸ்ரீ
తెలుగు భాష చాలా తీయనిది; ಎಲ್ಲ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ. മനുഷ്യരെല്ലാവരും തുല്യരാണ് ന്‍
සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත. เป็นมนุษย์สุดประเสริฐเลิศคุณค่า น้ำใจ ๑๒๓
ມະນຸດທຸກຄົນເກີດມາມີກຽດ. བོད་སྐད་ཡིག་གི་སྒྲ། ཀྵ ༡༢༣ မြန်မာဘာသာစကား ၁၂၃။
ყველა ადამიანი იბადება თავისუფალი. Ⴀႀ የሰው ልጅ ሁሉ ሲወለድ ነጻ ነው። ᎣᏂᎦᏓ ᏴᏫ
ᐃᓄᐃᑦ ᓄᓇᖓᑦ ᚁᚂᚃ ᚠᛇᚻ ខ្ញុំស្រឡាញ់ភាសាខ្មែរ។ ១២៣ ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌ ᠠ᠎ᠠ
いろはにほへと ちりぬるを、パーティーで「ガンダム」を3回見た。ｶﾞｷﾞｸﾞ ヷ ゟ か゚ 々〆ヶ
天地玄黃，宇宙洪荒。我能吞下玻璃而不伤身体！𠮷野家で㐂びの𩸽を食べる：豈更車 丽〇二〇
다람쥐 헌 쳇바퀴에 타고파. 키스의 고유조건은 입술끼리 만나야 한다 ㄱㄴㄷ 각 힣 ᄀᆞ
ꀀꀁꂵ ꆈꌠꉙ 𐌲𐌿𐍄𐌹𐍃𐌺 𐐔𐐯𐑅𐐨𐑉𐐯𐐻 ܫܠܡܐ ܥܠܟܘܢ ދިވެހި ބަސް ꓡꓲꓢꓴ ⲁⲃⲅ ⴰⴱⴳ
def f(x: int) -> int: return x**2 + 3*x - 1  # ≥ 0 && !done || a[i]->next == NULL;
<a href="https://example.org/a/b?q=1&r=%20x#top">user.name+tag@mail.example.co.uk</a> $HOME/.bashrc
C:\\Users\\x\\file.txt 2026-11-21T14:24:00Z 192.168.0.1 0xDEADBEEF 1e-10 ½ ⅔ ₿1,234.56 №5 ™ §3¶
I'd've'd y'all'll'S 'Tis rock'n'roll's DON'T WE'LL ’s ’t ''re'' x've've 'm'm 'stuff' o'clock 'D 'LL
""".strip().split("\n")  # fmt: skip

EMOJI = (
    "🙂 👍🏽 👩‍👩‍👧‍👦 👩🏿‍🚀 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷🇯🇵 🇩 1️⃣ #️⃣ ❤️ ❤ ☎︎ 🤷🏻‍♀️ \u200d \ufe0f 🏽 🧑‍❤️‍💋‍🧑 🫠 🪿 🐻‍❄️ 👁️‍🗨️"
).split(" ")

# Marks without a letter or out of order, controls, bidirectional controls, fillers, what the
# normalisation forms change or leave alone, odd cases, ligatures and numbers.
ODDITIES = (
    "\u0301 \u0327\u0301 \u0301\u0327 \u0345 \u0344 \u0340 \u034f \u05ab\u0f73 \u0f73 \u0fb2\u0f81 "
    "\u202eabc\u202c \u2066x\u2069 \u200e \u200f \u061c \ufffd \ufffd\ufffd \ufdd0 \uffff \u00ad "
    "\x00 \x01\x02 \x07 \x08 \x1b[31m \x7f \x80 \x9f \u1160 \u3164 \uffa0 \u0958 \u0915\u093c "
    "\ufb1d \u2126 \u212b \u00c5 A\u030a \u1e9b\u0323 \u1fee \U0002f800 \U0001d15e \u0dddx "
    "\U00020059\u0307 \U0002039f\u0343 \U00010041\u0304 \U000114b9\U000114ba "
    "\u0cca\u0cd5 \u1026 \u1b06 \u0b94 \u0bc6\u0bbe \u09c7\u09be \u30ab\u3099 \u1100\u1161\u11a8 "
    "\uac00\u11a8 \uac01\u11a8 \u1112\u1161 q\u0307\u0323 q\u0323\u0307 \u1e0a\u0323 d\u0323\u0307 "
    "İ ı ß ẞ ΣΣς ǅ ﬀ ŉ ǰ ﷺ ㎏ ① Ⅷ ⅷ ²³¹ ½ ٣٤ १२ 𝟘𝟙 ㊿ 〇 四 １２ ௰"
).split(" ")

# Han, Hangul and private use.
LARGE_BLOCKS = [
    (0x3400, 0x4DB5), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0x20000, 0x2A6D6), (0xE000, 0xF8FF),
    (0xF0000, 0x10FFFF),
]  # fmt: skip

# `tokenizers` tells marks and punctuation by Unicode 8; these four have changed since.
REASSIGNED = "\u166d\u1734\u1885\u1886"


def known(character):
    """Whether Unicode 3.2 knew the character, all agree on it, and a line of UTF-8 can hold it."""
    category = unicodedata.ucd_3_2_0.category(character)
    return category not in ("Cn", "Cs") and character not in "\n" + REASSIGNED


class TextMaker:
    """Makes the same lines of many languages each time."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.alphabets = {
            script: [
                c for first, last in ranges for c in map(chr, range(first, last + 1)) if known(c)
            ]
            for script, ranges in SCRIPTS.items()
        }

    def word(self, script):
        length = self.random.choice([1, 1, 2, 3, 4, 5, 6, 8, 12])
        return "".join(self.random.choice(self.alphabets[script]) for _ in range(length))

    def number(self):
        digits = self.alphabets["digits"]
        first = self.random.randrange(0, 60, 10)
        length = self.random.randint(1, 9)
        return "".join(digits[first + self.random.randrange(10)] for _ in range(length))

    def piece(self, script):
        choice = self.random.random()
        if choice < 0.70:
            return self.word(script)
        if choice < 0.78:
            return self.number()
        if choice < 0.84:
            return self.word("punctuation")[:3]
        if choice < 0.90:
            return self.random.choice(EMOJI)
        if choice < 0.95:
            return self.random.choice(ODDITIES)
        return self.random.choice(self.random.choice(SENTENCES).split())

    def script_lines(self, count):
        for script in SCRIPTS:
            for _ in range(count):
                spaces = self.random.choice([[" "], [" ", "  ", ""], SPACES])
                parts = []
                for _ in range(self.random.randint(1, 10)):
                    parts += [self.piece(script), self.random.choice(spaces)]
                yield "".join(parts)

    def sentence_lines(self):
        for sentence in SENTENCES:
            yield sentence
            yield from (
                unicodedata.normalize(form, sentence) for form in ("NFC", "NFD", "NFKC", "NFKD")
            )
            yield from (sentence.upper(), sentence.lower(), sentence.title(), sentence[::-1])
            yield from (sentence.replace(" ", ""), sentence.replace(" ", "  "), f"  {sentence}  ")
            for _ in range(12):
                words = sentence.split(" ") + self.random.choice(SENTENCES).split(" ")
                self.random.shuffle(words)
                yield "".join(word + self.random.choice(SPACES) for word in words)
            for _ in range(6):
                characters = list(sentence)
                for _ in range(8):
                    extra = self.random.choice(ODDITIES + EMOJI + SPACES)
                    characters.insert(self.random.randrange(len(characters)), extra)
                yield "".join(characters)

    def odd_lines(self):
        yield from ("", "a", " a", "a ", "  a", "a  ", " \r", "\r\r")
        for odd in ODDITIES + EMOJI + SPACES:
            yield from (odd, odd * 3, f"{odd}a", f"a{odd}", f"a{odd}b", f"1{odd}2")
            yield from (f" {odd} ", f"a {odd}b", f"a{odd} b")
        for length in (2, 3, 7, 8, 15, 16, 23, 24, 25, 31, 32, 63, 64, 80, 127, 300):
            for unit in [*" \t\r\u00a0=0aé中🙂\u0301", "e\u0301", "ab", "👩‍", "'s"]:
                yield from (unit * length, f"x{unit * length}y")
        for length in (99, 100, 101, 102, 1000, 5000):
            yield from ("a" * length, "ä" * length, "ab'" * length, "b" * length + " end")
            yield "".join(self.random.choice("etaoinshrdlu") for _ in range(length))

    def every_character(self):
        """Every character that Unicode 3.2 knew in three places, but one of 97 in large blocks."""
        uses = []
        for code in range(0x110000):
            character = chr(code)
            is_left_out = code % 97 and any(first <= code <= last for first, last in LARGE_BLOCKS)
            if is_left_out or not known(character):
                continue
            uses.append(f"x{character}y {character} 1{character}")
            if len(uses) == 16:
                yield " ".join(uses)
                uses = []
        yield " ".join(uses)

    def lines(self):
        lines = [
            *self.sentence_lines(),
            *self.script_lines(30),
            *self.odd_lines(),
            *self.every_character(),
        ]
        return [line.replace("\n", "") for line in lines]


# ---- 2. Tokens: the tokenizers


def bert_tokenizer(vocabulary, lowercase=True):
    tokenizer = Tokenizer(
        models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100)
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def byte_level(before=None):
    split = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return pre_tokenizers.Sequence([before, split]) if before else split


def tokenizer_of(path):
    """Makes the peer's tokenizer from a GGUF file's own tokens and merges."""
    reader = open_gguf(path)
    tokens = field(reader, "tokenizer.ggml.tokens")
    if field(reader, "tokenizer.ggml.model") == "bert":
        # llama.cpp marks the tokens that begin a word, BERT those that continue one.
        for index, token in enumerate(tokens):
            if token.startswith("\u2581"):
                tokens[index] = token[1:]
            elif not (token.startswith("[") and token.endswith("]") and len(token) > 1):
                tokens[index] = f"##{token}"
        return bert_tokenizer({token: index for index, token in enumerate(tokens)})
    merges = [tuple(merge.split(" ")) for merge in field(reader, "tokenizer.ggml.merges")]
    tokenizer = Tokenizer(models.BPE({token: id for id, token in enumerate(tokens)}, merges))
    digits = pre_tokenizers.Digits(individual_digits=True)
    splits = {"gpt-2": byte_level(), "smollm": byte_level(digits)}
    tokenizer.pre_tokenizer = splits[field(reader, "tokenizer.ggml.pre")]
    return tokenizer


def peers_ids(tokenizer, lines):
    encodings = tokenizer.encode_batch(lines, add_special_tokens=False)
    return [encoding.ids for encoding in encodings]


def compare_bundled_tokens(report, workbook, lines):
    for name in BUNDLED:
        with report.group(f"token ids of {name}") as group:
            peer = tokenizer_of(bundled(name))
            group.same_lines(lines, workbook.tokens(name, lines), peers_ids(peer, lines))


def trained_bytes(lines, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = byte_level()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=5000, show_progress=False, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def trained_words(lines, alphabet):
    tokenizer = bert_tokenizer({"[UNK]": 0})
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=5000, show_progress=False, special_tokens=names, limit_alphabet=alphabet
    )
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def compare_trained_tokens(report, workbook, folder, lines):
    def beside_weights(name, tokenizer):
        rows = np.zeros((tokenizer.get_vocab_size(), 4), "<f4")
        return model_folder(folder, name, {"wte.weight": rows})

    def compare(title, path, tokenizer, packed=False):
        with report.group(f"token ids of {title}") as group:
            if packed:
                source, path = path, path.with_suffix(".gguf")
                workbook.run("models", "pack", source, "--type", "f32", "--out", path)
            group.same("the caveat", workbook.shown(path)["tokenizer_caveat"], None)
            group.same_lines(lines, workbook.tokens(path, lines), peers_ids(tokenizer, lines))

    # As Pythia's: text is composed, and runs of spaces are tokens that are found first.
    pythia = trained_bytes(lines, normalizers.NFC())
    pythia.add_tokens([AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)])
    path = beside_weights("pythia", pythia)
    pythia.save(str(path / "tokenizer.json"))
    compare("tokenizer.json with NFC and runs of spaces", path, pythia)
    compare("the same, packed", path, pythia, packed=True)

    gpt2 = trained_bytes(lines)
    path = beside_weights("gpt2-files", gpt2)
    gpt2.model.save(str(path))
    compare("vocab.json and merges.txt", path, gpt2)

    path = beside_weights("gpt2-json", gpt2)
    gpt2.pre_tokenizer = byte_level(pre_tokenizers.Digits(individual_digits=True))
    gpt2.save(str(path / "tokenizer.json"))
    compare("tokenizer.json with single digits", path, gpt2)

    # Many characters are unknown to the first of these, none to the second.
    words = trained_words(lines, alphabet=2000)
    path = beside_weights("bert-files", words)
    words.model.save(str(path))
    words.encode_special_tokens = True
    compare("vocab.txt", path, words)

    words = trained_words(lines, alphabet=1 << 20)
    words.encode_special_tokens = True
    path = beside_weights("bert-cased", words)
    words.normalizer = normalizers.BertNormalizer(lowercase=False)
    words.save(str(path / "tokenizer.json"))
    compare("tokenizer.json of cased WordPiece", path, words)
    compare("the same, packed", path, words, packed=True)


# ---- All of it


def compare_all(report, workbook, folder):
    def place(name):
        path = folder / name
        path.mkdir()
        return path

    compare_bundled(report, workbook)
    compare_safetensors(report, workbook, place("safetensors"))
    compare_gguf(report, workbook, place("gguf"))
    compare_packing(report, workbook, place("packing"))
    compare_layouts(report, workbook, place("layouts"))
    compare_joined_gguf(report, workbook, place("joined"))
    compare_imports(report, workbook, place("imports"))
    lines = TextMaker(seed=2026).lines()
    text = "".join(f"{line}\n" for line in lines)
    (folder / "lines.txt").write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    print(f"the text: {len(lines)} lines, {len(text)} characters, SHA-256 {digest}…")
    compare_bundled_tokens(report, workbook, lines)
    compare_trained_tokens(report, workbook, place("tokenizers"), lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--workbook-binary", default=REPOSITORY / ".build/release/workbook", type=Path
    )
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="an empty or new folder for the files"
    )
    options = parser.parse_args()
    if not os.access(options.workbook_binary, os.X_OK):
        parser.error(f"{options.workbook_binary} is no program; swift build -c release makes it")
    print(
        f"numpy {np.__version__}, safetensors {safetensors.__version__}, "
        f"tokenizers {tokenizers.__version__}, Python {sys.version.split()[0]}"
    )
    report = Report()
    start = time.monotonic()
    with contextlib.ExitStack() as stack:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            folder = options.keep.resolve()
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())).resolve()
        compare_all(report, Workbook(options.workbook_binary.resolve(), folder / "shelf"), folder)
    print(f"{time.monotonic() - start:.0f} s")
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
