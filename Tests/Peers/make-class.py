#!/usr/bin/env python3
"""Makes up a class that hands in answers to every puzzle, for docs/performance.md.

Usage: Tests/Peers/make-class.py FOLDER [LEARNERS]

5% of the submissions are missing, 5% cannot be read, 2% are meant to harm; in the others each answer is the
key's reference or a random one. The same seed makes the same class. Needs PyYAML.
"""
import codecs
import pathlib
import random
import sys

import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SIMILARITIES = "dot cosine euclidean manhattan pearson spearman kendall".split()
ZERO_POINTS = "origin token-mean token-median class-mean space-mean no-space-mean".split()
UNREADABLE = ["puzzle: [\n", "x: 1\n", "puzzle: other-puzzle\nanswers: {}\n", "\x01"]


def puzzles():
    """Returns each puzzle's id, its questions and its reference answers."""
    for folder in sorted((REPOSITORY / "puzzles").glob("puzzle*/")):
        key = REPOSITORY / "solutions" / folder.name / "key.yaml.rot13"
        questions = yaml.safe_load((folder / "puzzle.yaml").read_text())["questions"]
        reference = yaml.safe_load(codecs.decode(key.read_text(), "rot13")).get("reference", {})
        yield folder.name, questions, reference


def harm(file, number):
    """Leaves a file that is too large, too deep, a bomb of aliases, or a link."""
    kind = random.randrange(4)
    if kind == 0:
        file.write_text("x" * (10 << 20) if number % 50 == 0 else "y" * 300_000)
    elif kind == 1:
        file.write_text("puzzle: " + "[" * 100_000)
    elif kind == 2:
        file.write_text("a: &a [x, x]\nb: &b [*a, *a]\n")
    else:
        file.symlink_to("/etc/passwd")


def answer(question, reference, number):
    known = question["id"] in reference
    kind = question["kind"]
    is_good = known and random.random() < 0.5
    if kind == "number":
        return round(random.uniform(0, 1), 3)
    if is_good:
        return reference[question["id"]]
    if kind == "choice":
        options = list(question["options"])
        if question.get("many"):
            return [option for option in options if random.random() < 0.5]
        return random.choice(options)
    if kind == "tokens":
        return [" the", " cat"]
    if kind == "metric":
        return {
            "similarity": random.choice(SIMILARITIES),
            "zero-point": random.choice(ZERO_POINTS),
            "remove": random.randrange(4),
        }
    return f"I think number {number} says something about the mean vector of the rows and so on."


def main():
    folder = pathlib.Path(sys.argv[1])
    learners = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    random.seed(7)
    asked = list(puzzles())
    for number in range(learners):
        own = folder / f"learner{number:04d}"
        own.mkdir(parents=True)
        for name, questions, reference in asked:
            draw = random.random()
            file = own / f"{name}.yaml"
            if draw < 0.05:
                continue
            if draw < 0.10:
                file.write_text(random.choice(UNREADABLE))
            elif draw < 0.12:
                harm(file, number)
            else:
                answers = {q["id"]: answer(q, reference, number) for q in questions}
                submission = {"puzzle": name, "answers": answers}
                file.write_text(yaml.safe_dump(submission, allow_unicode=True))


if __name__ == "__main__":
    main()
