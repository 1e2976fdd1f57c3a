#!/usr/bin/env python3
"""Measures the release build and prints a table: figure, limit, what it is beside.

    tests/bench/run.py --build DIR [--cache DIR] [--knowledge DIR] [--quick]

Limits are those of the project's goals; missing one makes the exit status 1. Wall-clock figures move with the machine,
so the ones that matter are ratios to a peer in the same run.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from homeserver import USER, Homeserver
from measure import median, memory, processor_seconds, run_once, wait_until

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "how many soldiers did Russia send?"
CHANNELS, WINDOW = 64, 48


class Table:
    """Rows of (name, figure, unit, limit, note); a limit is ("<=" or ">=", number) or None."""

    def __init__(self):
        self.rows, self.missed = [], 0

    def add(self, name, figure, unit, limit=None, note=""):
        verdict = ""
        if limit:
            met = figure <= limit[1] if limit[0] == "<=" else figure >= limit[1]
            self.missed += not met
            verdict = f"{limit[0]} {limit[1]:g} {'ok' if met else 'MISSED'}"
        row = (name, f"{figure:,.4g}" if figure < 1000 else f"{figure:,.0f}", unit, verdict, note)
        self.rows.append(row)
        print("{:<42} {:>10} {:<8} {:<16} {}".format(*row), flush=True)


def environment(options, folder):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("QANTAR_", "XDG_"))}
    env.update(QANTAR_KNOWLEDGE=str(options.knowledge), QANTAR_CACHE_DIR=str(folder / "cache"),
               QANTAR_STATE_DIR=str(folder / "state"), HOME=str(folder), LC_ALL="C.UTF-8")
    return env


def bench_training(table, options, env):
    wall, cpu, peak = run_once([options.qantar, "train"], env)
    table.add("training the base, wall", wall, "s", ("<=", 8))
    table.add("training the base, processor", cpu, "s")
    table.add("training the base, peak", peak, "MB")
    models = list(Path(env["QANTAR_CACHE_DIR"]).glob("*"))
    table.add("the model", max(path.stat().st_size for path in models) / 2**20, "MB", ("<=", 8))


def bench_start(table, options, env):
    runs = [run_once([options.qantar, "ask", QUESTION], env) for _ in range(20)]
    bare = [run_once([options.qantar, "--help"], env)[0] for _ in range(20)]
    table.add("ask with the cached model, wall", median(run[0] for run in runs) * 1000, "ms", ("<=", 50),
              f"--help: {median(bare) * 1000:.1f} ms")
    table.add("ask, peak resident", median(run[2] for run in runs), "MB", ("<=", 22))
    batch = subprocess.Popen([options.qantar, "ask", "--batch"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    batch.stdin.write(json.dumps({"id": "1", "q": QUESTION}).encode() + b"\n")
    batch.stdin.flush()
    batch.stdout.readline()
    table.add("ask, private after an answer", memory(batch.pid)[1], "MB", ("<=", 6))
    batch.stdin.close()
    batch.wait()


def bench_question(table, options, env):
    rounds, growth = ("5", "20000") if options.quick else ("20", "1000000")
    done = subprocess.run([options.build / "tests" / "bench_question", env["QANTAR_KNOWLEDGE"], env["QANTAR_CACHE_DIR"],
                           rounds, growth], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout)
    note = f"{told['questions']} questions, {told['samples']} samples"
    table.add("a question, median", told["median_us"], "us", ("<=", 30), note)
    table.add("a question, p99", told["p99_us"], "us", ("<=", 90))
    table.add("FTS5 bm25, a row a question, median", told["fts_median_us"], "us", None, f"{told['rows']} rows")
    table.add("FTS5 / Qantar, medians", told["ratio"], "times", (">=", 20))
    table.add(f"memory grown in {told['growth_questions']:,} questions", told["growth_bytes"] / 1024, "KB", ("<=", 64))
    for worst in told["worst"]:
        note = f"{worst['half_us']:.0f} us at half the cap, {worst['cap_us']:.0f} us at it, {worst['over_us']:.1f} us at 64 KiB"
        ratio = worst["cap_us"] / max(worst["half_us"], 1)
        table.add(f"worst case: {worst['shape']}, cap / half", ratio, "times", ("<=", 3), note)


class FakeDiscord:
    def __init__(self, options):
        self.process = subprocess.Popen([options.build / "tests" / "bench_discord", str(CHANNELS)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = self.read()["port"]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the fake Discord ended")
        return json.loads(line)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def run_environment(env, homeserver, discord):
    return dict(env, QANTAR_MATRIX_HOMESERVER=homeserver.url, QANTAR_MATRIX_USER=USER, QANTAR_MATRIX_ACCESS_TOKEN="bench",
                QANTAR_MATRIX_DEVICE_ID="BENCH", QANTAR_DISCORD_TOKEN="bench", QANTAR_DISCORD_COMPRESS="off",
                QANTAR_DISCORD_API_URL=f"http://127.0.0.1:{discord.port}/api/v10",
                QANTAR_DISCORD_REQUESTS_PER_SECOND="1000000", QANTAR_LIMIT_PERSON_BURST="0", QANTAR_LIMIT_ROOM_BURST="0",
                QANTAR_LOG_LEVEL="info")


def questions(options):
    path = options.knowledge / "questions" / "people.jsonl"
    lines = path.read_text("utf-8").splitlines()[:500] if path.is_file() else []
    return [json.loads(line)["q"].replace("\n", " ") for line in lines if line.strip()] or [QUESTION]


def bench_replies(table, discord, bot, quick):
    discord.tell(f"go {CHANNELS * 4} {WINDOW}")  # every room's first contact
    discord.read()
    wanted = 2000 if quick else 20000
    before, fake_before = processor_seconds(bot.pid), processor_seconds(discord.process.pid)
    discord.tell(f"go {wanted} {WINDOW}")
    told = discord.read()
    cpu, fake = processor_seconds(bot.pid) - before, processor_seconds(discord.process.pid) - fake_before
    note = f"busy: bot {cpu / told['seconds']:.0%}, fake {fake / told['seconds']:.0%} of a core"
    table.add("replies over a fake Discord", told["replies"] / told["seconds"], "1/s", None, note)
    table.add("processor time a reply", cpu / told["replies"] * 1e6, "us")


def reloads(log):
    return sum("reload" in line and "done" in line for line in log.read_text(errors="replace").splitlines())


def bench_run(table, options, env, folder):
    log = folder / "run.log"
    discord = FakeDiscord(options)
    for question in questions(options):
        discord.tell(f"ask {question}")
    with Homeserver() as homeserver, log.open("wb") as stream:
        bot = subprocess.Popen([options.qantar, "run"], env=run_environment(env, homeserver, discord), stderr=stream,
                               stdout=stream, stdin=subprocess.DEVNULL)
        try:
            discord.read()
            wait_until(homeserver.synced.is_set, 20, "the bot waits in /sync")
            table.add("run with both platforms, resident", memory(bot.pid)[0], "MB", ("<=", 32),
                      f"private {memory(bot.pid)[1]:.1f} MB")
            bench_replies(table, discord, bot, options.quick)
            before = memory(bot.pid)[0]
            table.add("run after these replies, resident", before, "MB")
            count = 5 if options.quick else 20
            for number in range(count):
                bot.send_signal(signal.SIGHUP)
                wait_until(lambda want=number + 1: reloads(log) >= want or bot.poll() is not None, 60, "a reload")
            table.add(f"memory grown in {count} reloads", memory(bot.pid)[0] - before, "MB", ("<=", 3))
            bot.terminate()
            table.add("run's exit status after SIGTERM", bot.wait(20), "", ("<=", 0))
        except Exception:
            sys.stderr.write(log.read_text(errors="replace")[-2000:])
            raise
        finally:
            if bot.poll() is None:
                bot.kill()
                bot.wait()
            discord.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=ROOT / "tests" / ".cache")
    parser.add_argument("--knowledge", type=Path, default=ROOT / "knowledge")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a look, not a measurement")
    parser.add_argument("--only", help="training, start, question or run")
    options = parser.parse_args()
    options.build, options.qantar = options.build.resolve(), str(options.build.resolve() / "qantar")
    table = Table()
    with tempfile.TemporaryDirectory(prefix="qantar-bench-") as name:
        env = environment(options, Path(name))
        for part, bench in (("training", lambda: bench_training(table, options, env)),
                            ("start", lambda: bench_start(table, options, env)),
                            ("question", lambda: bench_question(table, options, env)),
                            ("run", lambda: bench_run(table, options, env, Path(name)))):
            if options.only in (None, part) or part == "training":
                try:
                    bench()
                except (RuntimeError, OSError, ValueError) as error:
                    print(f"{part}: {error}")
                    table.missed += 1
    print(f"bench: {table.missed} limits missed")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
