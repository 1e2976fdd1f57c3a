#!/usr/bin/env python3
"""How training, loading and answering grow with the number of facts; on demand, for it takes a while.

    tests/bench/scale.py --build DIR [--sizes 100,1000,10000,100000] [--svg FILE]

Makes bases of facts with three questions each, whose words fall as words do (Zipf's law, beside real function words), and
prints a row a size and the exponents fitted over all: 1 is linear. The drawing shows the same on logarithmic axes.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import median, run_once

FACTS_A_FILE = 2000
OPENINGS = ("what is the", "when did the", "who was the", "how many", "why did the", "where is the", "tell me about the", "did the",
            "which", "how did the", "what happened to the", "is it true that the")
JOINTS = ("of the", "in the", "and", "to the", "for", "by the", "after the", "with", "at the", "from the")
CONSONANTS, VOWELS = "bcdfghklmnprstvz", "aeiou"
FIGURES = ("training_s", "training_mb", "model_mb", "load_ms", "question_us")


def word(number):
    """A pronounceable word of its own for each number; frequent words are short."""
    letters = ""
    number += 1
    while number:
        number, consonant = divmod(number, len(CONSONANTS))
        number, vowel = divmod(number, len(VOWELS))
        letters += CONSONANTS[consonant] + VOWELS[vowel]
    return letters + CONSONANTS[len(letters) * 7 % len(CONSONANTS)]


class Zipf:
    """Draws ranks with probability about 1 / (rank + 2.7), by inverting the integral (Mandelbrot's form)."""

    def __init__(self, rng, count):
        self.rng, self.low, self.span = rng, math.log(2.7), math.log((count + 2.7) / 2.7)

    def draw(self):
        return int(math.exp(self.low + self.rng.random() * self.span) - 2.7)


def sentence(rng, words):
    """A question of some of these words, in any order."""
    chosen = rng.sample(words, min(len(words), rng.choice((3, 3, 4))))
    text = rng.choice(OPENINGS)
    for at, each in enumerate(chosen):
        text += (" " + rng.choice(JOINTS) if at else "") + " " + each
    return text


def unique(rng, words, seen):
    while True:
        text = sentence(rng, words)
        if text not in seen:
            seen.add(text)
            return text


def facts(rng, count):
    """Yields (fact, its words). The vocabulary grows with the square root of the text (Heaps' law)."""
    zipf = Zipf(rng, 400 + int(60 * math.sqrt(count * 15)))
    seen = set()
    for number in range(count):
        words = sorted({word(zipf.draw()) for _ in range(7)} | {word(zipf.draw() * 3 + 200)})
        rng.shuffle(words)
        yield {"id": f"fact-{number}", "answer": {"en": f"The {' '.join(words)} stands as number {number}."}, "as_of": "2031-04-12",
               "sources": [{"id": "book"}], "questions": {"en": [unique(rng, words, seen) for _ in range(3)]}}, words


def write_base(folder, count, seed=7):
    rng = random.Random(seed)
    (folder / "facts").mkdir(parents=True)
    (folder / "questions").mkdir()
    made, people = [], []
    for number, (fact, words) in enumerate(facts(rng, count)):
        made.append(fact)
        if rng.random() < 200 / count:
            people.append({"q": sentence(rng, words)})
        if len(made) == FACTS_A_FILE or number == count - 1:
            topic = f"topic-{number // FACTS_A_FILE}"
            (folder / "facts" / f"{topic}.json").write_text(json.dumps({"topic": {"id": topic, "name": {"en": topic}}, "facts": made}))
            made = []
    (folder / "sources.json").write_text(json.dumps({"sources": [
        {"id": "book", "title": "A book", "publisher": "A house", "date": "2031-04-12", "language": "en", "address": None,
         "paragraphs": 1}]}))
    (folder / "lexicon.json").write_text('{"entities": [], "synonyms": [], "smalltalk": []}')
    zipf = Zipf(rng, 20000)
    strange = [{"q": sentence(rng, ["q" + word(zipf.draw()) for _ in range(5)])} for _ in range(400)]
    for name, rows in (("unrelated", strange), ("people", people or strange[:100])):
        (folder / "questions" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def measure(options, count, folder):
    base, cache = folder / "base", folder / "cache"
    write_base(base, count)
    env = dict(os.environ, QANTAR_KNOWLEDGE=str(base), QANTAR_CACHE_DIR=str(cache), HOME=str(folder))
    qantar = str(options.build / "qantar")
    wall, cpu, peak = run_once([qantar, "train"], env)
    model = max(path.stat().st_size for path in cache.rglob("*") if path.is_file())
    load = median(run_once([qantar, "ask", "hello"], env)[0] for _ in range(3))
    done = subprocess.run([options.build / "tests" / "bench_question", base, cache, "3", "1000"], env=env, capture_output=True,
                          text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout)
    return {"facts": count, "training_s": cpu, "training_wall_s": wall, "training_mb": peak, "model_mb": model / 2**20,
            "load_ms": load * 1000, "question_us": told["median_us"], "fts_us": told["fts_median_us"]}


def exponent(rows, name):
    """The slope of log(figure) over log(facts), by least squares, over the sizes from 1,000 on: below, fixed costs rule."""
    points = [(math.log(row["facts"]), math.log(row[name])) for row in rows if row["facts"] >= 1000] or None
    if not points or len(points) < 2:
        return float("nan")
    mean_x, mean_y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    return (sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points))


def draw(rows, path):
    """Each figure as a line on logarithmic axes."""
    width, height, left, bottom, top = 760, 440, 70, 390, 30
    low = math.floor(math.log10(min(row[name] for row in rows for name in FIGURES)))
    high = math.ceil(math.log10(max(row[name] for row in rows for name in FIGURES)))
    first, last = math.log10(rows[0]["facts"]), math.log10(rows[-1]["facts"])

    def x(count):
        return left + (math.log10(count) - first) / max(last - first, 1e-9) * 480

    def y(value):
        return bottom - (math.log10(value) - low) / (high - low) * (bottom - top)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
             f'<rect width="{width}" height="{height}" fill="white"/>']
    for decade in range(low, high + 1):
        parts.append(f'<path d="M{left} {y(10**decade):.1f}h480" stroke="#ddd"/>'
                     f'<text x="{left - 8}" y="{y(10**decade) + 4:.1f}" text-anchor="end">{10.0**decade:g}</text>')
    for row in rows:
        parts.append(f'<text x="{x(row["facts"]):.1f}" y="{bottom + 20}" text-anchor="middle">{row["facts"]:,}</text>')
    parts.append(f'<text x="{left + 240}" y="{bottom + 42}" text-anchor="middle">facts, three questions each</text>')
    labels = ("training, s of processor", "training, MB", "model, MB", "load from cache, ms", "a question, us")
    colours = ("#b2182b", "#ef8a62", "#2166ac", "#4d9221", "#762a83")
    for name, label, colour in zip(FIGURES, labels, colours):
        line = " ".join(f"{x(row['facts']):.1f},{y(row[name]):.1f}" for row in rows)
        slope = exponent(rows, name)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(row["facts"]):.1f}" cy="{y(row[name]):.1f}" r="3" fill="{colour}"/>' for row in rows]
        parts.append(f'<text x="{left + 492}" y="{y(rows[-1][name]) + 4:.1f}" fill="{colour}">{label} (^{slope:.2f})</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--sizes", default="100,1000,10000,100000")
    parser.add_argument("--svg", type=Path)
    options = parser.parse_args()
    options.build = options.build.resolve()
    rows = []
    print(f"{'facts':>8} {'train s':>9} {'train MB':>9} {'model MB':>9} {'load ms':>9} {'ask us':>9} {'FTS5 us':>9}")
    for size in options.sizes.split(","):
        with tempfile.TemporaryDirectory(prefix="qantar-scale-") as folder:
            row = measure(options, int(size), Path(folder))
        rows.append(row)
        print("{facts:>8,} {training_s:>9.2f} {training_mb:>9.1f} {model_mb:>9.2f} {load_ms:>9.1f} {question_us:>9.1f} "
              "{fts_us:>9.1f}".format(**row), flush=True)
    print("exponent " + " ".join(f"{exponent(rows, name):>9.2f}" for name in FIGURES))
    if options.svg:
        draw(rows, options.svg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
