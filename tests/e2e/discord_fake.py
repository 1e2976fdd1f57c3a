"""The pretended Discord (tests/fakes/discord) as a process, and what tests ask of it."""

import atexit
import contextlib
import functools
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

FAKE = Path(__file__).resolve().parents[1] / "fakes" / "discord"
DEADLINE_S = 30


def until(condition, what, deadline_s=DEADLINE_S):
    """What `condition()` returns once it is true; fails after the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what() if callable(what) else what}")
        time.sleep(0.02)


class Process:
    """A child whose lines of output are collected; ended by its id."""

    def __init__(self, arguments, **options):
        self.lines, self.errors = [], []
        self.child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      text=True, encoding="utf-8", errors="replace", **options)
        self.readers = [threading.Thread(target=self.collect, args=pair, daemon=True)
                        for pair in ((self.child.stdout, self.lines), (self.child.stderr, self.errors))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def collect(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def end(self, number=signal.SIGTERM):
        """The exit status, after a signal if it still runs."""
        if self.child.poll() is None:
            self.child.send_signal(number)
        return self.wait()

    def wait(self, deadline_s=DEADLINE_S):
        try:
            status = self.child.wait(deadline_s)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError("the process does not end:\n" + "\n".join(self.errors[-30:])) from None
        for reader in self.readers:
            reader.join(5)
        return status

    def text(self):
        return "\n".join(self.lines + self.errors)


def post(port, action, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/control/{action}", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


@functools.cache
def nursery():
    """Port of the one process in which the servers of all tests live; ended with the run."""
    process = Process([sys.executable, str(FAKE)])
    atexit.register(process.end)
    until(lambda: process.lines or process.child.poll() is not None, "the pretended Discord listens")
    if not process.lines:
        raise AssertionError(process.text())
    return json.loads(process.lines[0])["port"]


class Fake:
    """A server of one's own; every entry of `journal()` is a list of what happened."""

    def __init__(self, port=0, **settings):
        self.about = post(nursery(), "another", {"port": port, "settings": settings})
        self.port, self.api, self.token, self.bot = (self.about[key] for key in ("port", "api", "token", "bot"))

    def end(self):
        post(self.port, "end", {})
        until(self.is_gone, "the server is gone")

    def is_gone(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def do(self, action, **body):
        return post(self.port, action, body)

    def journal(self, kind=None):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control/journal", timeout=10) as response:
            journal = json.load(response)
        return journal.get(kind, []) if kind else journal

    def wait(self, kind, count=1, deadline_s=DEADLINE_S):
        """At least `count` entries of the kind."""
        def enough():
            entries = self.journal(kind)
            return entries if len(entries) >= count else None
        return until(enough, lambda: f"{count} {kind}; there are {len(self.journal(kind))}", deadline_s)

    def posts(self, deadline_s=DEADLINE_S, count=1):
        return self.wait("posts", count, deadline_s)

    def wait_live(self):
        return until(lambda: self.journal()["live"], "a session is connected")

    def say(self, content, **more):
        return self.do("message", content=content, **more)

    def mention(self, content, **more):
        return self.say(f"<@{self.bot}> {content}", **more)

    def replies_to(self, message):
        return [post for post in self.journal("posts")
                if (post.get("message_reference") or {}).get("message_id") == message["id"]]

    def wait_reply(self, message, deadline_s=DEADLINE_S):
        return until(lambda: self.replies_to(message), lambda: f"an answer to {message['content']!r}", deadline_s)[0]

    def check_manners(self):
        """Nothing that Discord's documentation forbids was done."""
        journal = self.journal()
        assert journal.get("violations", []) == []
        assert journal.get("overlaps", []) == [], "two messages under way in one channel"


@contextlib.contextmanager
def fake_discord(**settings):
    fake = Fake(**settings)
    try:
        yield fake
    finally:
        fake.end()
