#!/usr/bin/env python3
"""Makes tokens.json and blocks.json, the expected values of the ModelWeights tests.

Usage: make-fixtures.py [WHISPER_TOKENIZER_JSON MINILM_TOKENIZER_JSON SMOLLM2_GGUF]
Needs: tokenizers, gguf, numpy, regex.

Without arguments, only blocks.json.

Whisper's and MiniLM's ids come from the `tokenizers` package. SmolLM2's come from the plain
byte-pair encoder below, run on the merges of its GGUF file.
"""
import json
import pathlib
import sys

import gguf
import numpy as np
import regex
import tokenizers

HERE = pathlib.Path(__file__).parent

TEXTS = [
    "", " ", "  ", "\n", "\t\t", "a", " a", "a ", "Hello world", " Hello, world!",
    "The quick brown fox jumps over the lazy dog.",
    "It's what they're saying; I've heard we'd go, I'm sure he'll come. DON'T!",
    "it''s 's 't'tis rock'n'roll '", "'re're 'veteran 'llama", "l’été d’Aïcha",
    "two  spaces   three    four", "trailing   ", "   leading", "line\nbreak\n\nparagraph\n",
    "tabs\tand\r\nreturns \n mixed \t end", "x \n y", "12345", " 12345", "1 2 3", "3.14159e-10",
    "year 2024, 50% of 1,000,000", "v1.2.3-beta4", "½ ² Ⅷ ٣ 四 １２３", "a1b2c3", "0x1F600",
    "!!!", "... --- ___", "(a)[b]{c}<d>", "a/b\\c|d", "email@example.com", "https://a.b/c?d=e&f=g#h",
    "C++ & C#", "snake_case camelCase PascalCase", "$100 €50 £20 ¥3000", "≈ ≠ ≤ ∑ ∞ √2",
    "naïve café résumé", "cafe\u0301 na\u0131\u0308ve", "Ångström Ærøskøbing Łódź",
    "Straße GROẞ İstanbul ΣΊΣΥΦΟΣ", "Привет, мир!", "Γειά σου Κόσμε", "שלום עולם", "مرحبا بالعالم",
    "नमस्ते दुनिया", "สวัสดีชาวโลก", "你好，世界", "こんにちは世界カタカナ", "안녕하세요 세계",
    "🙂", "👩‍👩‍👧‍👦 family", "🇫🇷🇯🇵", "e\u0301\u0302\u0323", "\u00a0nbsp\u2003em\u3000wide",
    "zero\u200bwidth\ufeffmark", "bell\x07null\x01esc\x1b[0m", "\u0085next\u2028line", "\ufffdreplaced",
    "private \ue000 unassigned \u0378 soft\u00adhyphen", "ﬁ ﬂ ㎏ ①", "antidisestablishmentarianism",
    "supercalifragilisticexpialidocious unbelievably", "def f(x):\n    return x + 1\n",
    "<b>bold</b> &amp; \"quoted\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x" * 101, "ab " * 30,
    "𝕳𝖊𝖑𝖑𝖔 𝟙𝟚𝟛", "𠮷野家 㐂", "ᏣᎳᎩ ქართული ኣማርኛ", "\u1680ogham\u180e", "x\u0327y̆z",
]

CUT = regex.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


def byte_alphabet():
    shown = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or b >= 174]
    table = {b: chr(b) for b in shown}
    for b in range(256):
        if b not in table:
            table[b] = chr(256 + len(table) - len(shown))
    return table


def smollm2(path):
    fields = gguf.GGUFReader(path).fields
    tokens = {t: i for i, t in enumerate(fields["tokenizer.ggml.tokens"].contents())}
    ranks = {tuple(m.split(" ")): i for i, m in enumerate(fields["tokenizer.ggml.merges"].contents())}
    alphabet = byte_alphabet()

    def encode(text):
        ids = []
        for part in regex.findall(r"\p{N}|\P{N}+", text):
            for piece in CUT.findall(part):
                symbols = [alphabet[b] for b in piece.encode()]
                symbols = [s for s in symbols if s in tokens]
                while True:
                    pairs = [(ranks.get(p, 1 << 30), i)
                             for i, p in enumerate(zip(symbols, symbols[1:]))]
                    rank, i = min(pairs, default=(1 << 30, 0))
                    if rank == 1 << 30:
                        break
                    symbols[i:i + 2] = [symbols[i] + symbols[i + 1]]
                ids += [tokens[s] for s in symbols]
        return ids
    return encode


def hugging_face(path):
    tokenizer = tokenizers.Tokenizer.from_file(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


def blocks():
    """Rows of values, ggml's Q8_0 blocks of them, and what those blocks decode to."""
    random = np.random.default_rng(7)
    rows = np.concatenate([
        random.normal(size=(6, 64)), random.normal(size=(2, 64)) * 1e-4,
        np.zeros((1, 64)), random.uniform(-1, 1, size=(1, 64)) * 5000,
        np.repeat([[127.0, -63.5]], 32, axis=0).reshape(1, 64),
    ]).astype(np.float32)
    kind = gguf.GGMLQuantizationType.Q8_0
    stored = gguf.quants.quantize(rows, kind)
    decoded = gguf.quants.dequantize(stored, kind).astype(np.float32)
    return {
        "columns": 64,
        "valueBits": rows.view(np.uint32).ravel().tolist(),
        "stored": stored.tobytes().hex(),
        "decodedBits": decoded.view(np.uint32).ravel().tolist(),
    }


# Half-precision patterns for scales: zeros, subnormals, the extremes, infinities, NaN, plain ones.
HALVES = [0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00, 0x3C00, 0x2E66,
          0xA5C3]


def quantised():
    """Random blocks of every type that can be read, and what they decode to, both as hexadecimal.

    Each type's blocks have every scale of HALVES once, and a second one, where there is one, that
    runs through HALVES in another order.
    """
    random = np.random.default_rng(41)
    scales = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
              "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
    result = {}
    for name, places in scales.items():
        kind = gguf.GGMLQuantizationType[name]
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        stored = random.integers(0, 256, size=(len(HALVES), size), dtype=np.uint8)
        for place, step in zip(places, [1, 5]):
            order = [HALVES[(index * step + step - 1) % len(HALVES)] for index in range(len(HALVES))]
            stored[:, place:place + 2] = np.array(order, dtype="<u2").view(np.uint8).reshape(-1, 2)
        with np.errstate(all="ignore"):
            decoded = gguf.quants.dequantize(stored, kind).astype("<f4")
        result[name] = {"code": int(kind), "columns": elements, "stored": stored.tobytes().hex(),
                        "decoded": decoded.tobytes().hex()}
    return result


versions = {"tokenizers": tokenizers.__version__, "numpy": np.__version__, "regex": regex.__version__,
            "gguf": __import__("importlib.metadata").metadata.version("gguf")}
if len(sys.argv) > 1:
    encoders = {"whisper-tiny.en": hugging_face(sys.argv[1]), "minilm-l6": hugging_face(sys.argv[2]),
                "smollm2-135m": smollm2(sys.argv[3])}
    ids = {name: [encode(text) for text in TEXTS] for name, encode in encoders.items()}
    (HERE / "tokens.json").write_text(
        json.dumps({"versions": versions, "texts": TEXTS, "ids": ids}, indent=None) + "\n")
    print(len(TEXTS), "texts")
(HERE / "blocks.json").write_text(
    json.dumps({"versions": versions} | blocks() | {"quantised": quantised()}) + "\n")
print(versions)
