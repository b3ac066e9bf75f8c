#!/usr/bin/env python3
"""Makes the folder Tokenizers: small real tokenizers, and what the `tokenizers` package does with
several hundred nasty lines.

Usage: make-tokenizer-fixtures.py
Needs: tokenizers.

vocab.json, merges.txt and vocab.txt are the vocabularies; peer.json holds the lines and, for each
way to set a tokenizer up, its tokenizer.json (with the vocabulary left out) and the ids.
"""
import itertools
import json
import pathlib
import random
import unicodedata

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).parent / "Tokenizers"

WORDS = """the quick brown fox jumps over lazy dog king queen don't they're we've I'll you'd it's
naïve café Ångström straße İstanbul ısı ΣΊΣΥΦΟΣ Привет мир שלום مرحبا بالعالم नमस्ते สวัสดี 你好 世界
こんにちは カタカナ 안녕하세요 한글 Việt tiếng ﬁne ½ Ⅷ 12 2024 1,000 3.14 x_y a/b e-mail C++ 🙂 👩‍👩‍👧‍👦
🇫🇷 €50 “quoted” l’été … — tokens unbelievable supercalifragilistic internationalization""".split()

JOINTS = ["", " ", "  ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u200b", "\u200d", "-",
          "'", "’", "\ufffd", "\x00", "\x1b", "\u0085", "\u2028", "\u0301", "\u0327\u0308",
          ".", "?!", "7", " 8", "٣", "²", "\x0b", "\x0c", "\u00ad", "\ufeff", " \n ", "\n\n"]

LINES = [
    "", " ", "  ", "\t", "\n", "\r\n", " \r\n \r\n", "\u00a0", "\u00a0\u00a0 ", "\u3000x", "a", " a", "a ",
    "  a", "a  ", "   a  b   ", "e\u0301", "\u00e9", "e\u0301\u0327", "e\u0327\u0301", "\u0301a", " \u0301",
    "Å", "Å", "A\u030a", "ḍ̇", "d\u0307\u0323", "ﬁ ﬀ ㎏ ① ℌ", "ｆｕｌｌ ｗｉｄｔｈ １２３", "ｶﾞ ガ カ\u3099",
    "가 각 갂", "\u1100\u1161\u11a8", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한글", unicodedata.normalize("NFD", "안녕하세요 세계"),
    "\u0958\u0928\u093c", "\u0bc6\u0bbe", "\ufb1d\ufb4f", "\U0001d15e", "\u2126\u212b\u2000\u2001", "\u0344\u0374\u037e",
    "🙂", "🙂🙂", "👩‍👩‍👧‍👦", "👍🏽 👩🏿‍🚀", "🏳️‍🌈", "🇫🇷🇯🇵🇩", "1️⃣ #️⃣", "❤️ ❤",
    "I's I't I're I've I'm I'll I'd", "I'S I'LL", "'s't're", "''s", " 's", "' s", "'stuff", "’s", "rock'n'roll",
    "don't won't they'll've", "İ", "İstanbul ISTANBUL ıi Iİ", "Straße STRASSE GROẞ ß", "ΣΊΣΥΦΟΣ σς Σ", "ǅ ǈ Ǆ",
    "0", "00", "123", " 123", "1 2 3", "1,000.50", "a1b22c333", "١٢٣", "१२३ ௧", "²³¹ ½¾ Ⅷ ⅷ 四 ㊿", "𝟙𝟚𝟛 𝕳𝖊𝖑𝖑𝖔",
    "\x00", "a\x00b", "\x01\x02", "\x07bell \x1b[31m", "\x7f", "\u0080\u009f", "a\u0085b", "a\x0bb\x0cc", "a\x1cb\x1fc",
    "a\u2028b\u2029c", "\u180ea\u180e", "zero\u200bwidth\u200cnon\u200djoiner", "\ufeffbom", "soft\u00adhyphen", "\u202eabc\u202c",
    "\ufffd", "a\ufffdb \ufffd", "\ue000\uf8ff private", "\u0378 unassigned", "\U000e0001\U000e0041", "\uffff \ufdd0",
    "你好，世界。", "𠮷野家 㐂 豈 丽", "こんにちは、カタカナー・々", "ｶﾀｶﾅ", "漢字kanji漢字", "中文English中文 123中",
    "مرحبا بالعالم", "السَّلَامُ عَلَيْكُم", "ـكشيدة", "שָׁלוֹם עוֹלָם", "नमस्ते दुनिया", "ক্ষ ত্র", "தமிழ்", "สวัสดีชาวโลก", "ພາສາ", "བོད་སྐད་",
    "ქართული ᲥᲐᲠᲗᲣᲚᲘ", "Ꭰꭰ ᏸᏰ", "አማርኛ", "ᠮᠣᠩᠭᠣᠯ", "\u1680ogham\u1680", "Việt Nam tiếng Việt", unicodedata.normalize("NFD", "Việt Nam tiếng Việt"),
    "!!!", "...", "… ‥ —–-", "(a)[b]{c}<d>«e»„f“", "a/b\\c|d", "$100 €50 £20 ¥30 ₿1", "≈≠≤∑√ ×÷", "`^~ ´ ¨", "©®™ §¶",
    "_under_score_ __", "snake_case", "‿⁀⁔ ﹏", "# ## ###", "<|endoftext|>", "a<|endoftext|>b", "<s> </s> <pad>", "[CLS] [SEP] [MASK] [UNK]",
    "[unused1] ##ing ## #", "Ġ Ċ Ġthe", "▁the", "x" * 100, "x" * 101, "é" * 100 + "x", "ab" * 60, "word" * 26 + " end",
    " " * 23, " " * 24, " " * 25, "a" + " " * 30 + "b", "\n" * 5 + "x", "\t\t\tx", "def f(x):\n    return x\n\n        y", " \t \n x",
    "<em> x <em>", "<em>x", "x <keep>  y", "  <keep>", "<Solo> <Solo>s s<Solo> é<Solo> -<Solo>- _<Solo>", "<raw>É</raw>", "<RAW>",
    "<wide>  \n<wide>", "cafe\u0301<café>café CAFÉ", "<em><keep><wide>", "jumping over KING OVEN", "a\u0301<em>\u0301b", "\u05ab\u0f73", "\u0ccb \u0ddd",
    "\u2156\U000e0052\u0327", " \u2007\n", "<wide>  \nx", "<keep>\u0301", "<<em>>",
]


def lines():
    """The lines above, and as many again of random words and joints."""
    choose = random.Random(20)
    extra = []
    for _ in range(130):
        parts = []
        for _ in range(choose.randint(1, 4)):
            word = choose.choice(WORDS)
            form = choose.choice(["", "", "", "NFD", "NFKC", "upper", "title"])
            if form in ("NFD", "NFKC"):
                word = unicodedata.normalize(form, word)
            elif form:
                word = getattr(word, form)()
            parts += [word, choose.choice(JOINTS)]
        extra.append("".join(parts))
    return list(dict.fromkeys(LINES + extra))


def training_text():
    choose = random.Random(21)
    stems = ["un", "re", "in", "con", "dis", "ver", "tele", "auto", "bio", "geo", "hand", "sun"]
    middles = ["form", "act", "port", "graph", "light", "mark", "press", "struct", "vis", "logic"]
    ends = ["", "s", "ed", "ing", "er", "able", "ation", "ly", "ness", "ment"]
    made = ["".join(parts) for parts in itertools.product(stems, middles, ends)]
    for _ in range(4000):
        words = [choose.choice(WORDS if choose.random() < 0.5 else made) for _ in range(8)]
        yield choose.choice([" ", " ", "  ", "\n"]).join(words)


def setups(bpe, wordpiece):
    """Yields names and tokenizer.json files, as dictionaries."""
    def made(model, normalizer=None, pre=None, added=(), **changes):
        entry = {"special": False, "single_word": False, "lstrip": False, "rstrip": False, "normalized": True}
        count = len(model["vocab"])
        return {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [entry | {"id": count + i} | token for i, token in enumerate(added)],
            "normalizer": normalizer, "pre_tokenizer": pre, "post_processor": None, "decoder": None,
            "model": model | changes,
        }

    def bytes_step(prefix=False, regex=True):
        return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}

    def sequence(key, *steps):
        return {"type": "Sequence", key: list(steps)}

    def bert(**changes):
        return {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                "strip_accents": None, "lowercase": True} | changes

    pattern = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    digits = {"type": "Digits", "individual_digits": False}
    bert_split = {"type": "BertPreTokenizer"}
    odd = [
        {"content": "<em>", "lstrip": True}, {"content": "<keep>", "rstrip": True},
        {"content": "<Solo>", "single_word": True}, {"content": "<raw>", "normalized": False},
        {"content": "<wide>", "lstrip": True, "rstrip": True, "normalized": False},
        {"content": "Cafe\u0301"}, {"content": "ing ov"}, {"content": "  \n", "normalized": False},
    ]
    spaces = [{"content": " " * n} for n in range(24, 1, -1)]
    yield "gpt2", made(bpe, pre=bytes_step())
    yield "pythia", made(bpe, {"type": "NFC"}, bytes_step(), spaces)
    yield "prefix", made(bpe, sequence("normalizers", {"type": "NFKC"}, {"type": "Lowercase"}),
                         sequence("pretokenizers", digits, bytes_step(prefix=True)), odd, ignore_merges=True)
    yield "split", made(bpe, {"type": "NFD"},
                        sequence("pretokenizers", digits | {"individual_digits": True}, split, bytes_step(regex=False)))
    yield "whole", made(bpe, {"type": "StripAccents"}, bytes_step(prefix=True, regex=False))
    yield "bert", made(wordpiece, bert(), bert_split)
    yield "cased", made(wordpiece, bert(lowercase=False, handle_chinese_chars=False), bert_split, odd)
    yield "plain", made(wordpiece, sequence("normalizers", {"type": "NFKD"}, bert(clean_text=False, strip_accents=False)),
                        bert_split)


HERE.mkdir(exist_ok=True)
trained = Tokenizer(models.BPE())
trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
trained.train_from_iterator(training_text(), trainers.BpeTrainer(
    vocab_size=2000, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    special_tokens=["<|endoftext|>"]))
trained.model.save(str(HERE))
bpe = json.loads(trained.to_str())["model"]

trained = Tokenizer(models.WordPiece(unk_token="[UNK]"))
trained.normalizer = normalizers.BertNormalizer(lowercase=True)
trained.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
trained.train_from_iterator(training_text(), trainers.WordPieceTrainer(
    vocab_size=2000, show_progress=False, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))
trained.model.save(str(HERE))
wordpiece = json.loads(trained.to_str())["model"]

texts = lines()
result = {"versions": {"tokenizers": tokenizers.__version__}, "texts": texts, "setups": []}
for name, setup in setups(bpe, wordpiece):
    tokenizer = Tokenizer.from_str(json.dumps(setup))
    tokenizer.encode_special_tokens = True
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    stripped = setup | {"model": setup["model"] | {"vocab": "@VOCAB@", "merges": "@MERGES@"}}
    result["setups"].append({
        "name": name, "rows": tokenizer.get_vocab_size(),
        "tokenizer": json.dumps(stripped, ensure_ascii=False), "ids": [" ".join(map(str, i)) for i in ids],
    })
(HERE / "peer.json").write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n")
print(len(texts), "lines;", result["versions"], sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
