"""Running the program as a person or a script does, and a base of one's own to break."""

import json
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time
from fcntl import ioctl
from pathlib import Path

SECONDS = 120  # a deadline, not a measure: the builds under test have sanitizers


class Base:
    """A copy of the small base, with tools to damage it and to say where the damage is."""

    def __init__(self, root, folder):
        self.path = Path(folder)
        shutil.copytree(root / "tests" / "fakes" / "base", self.path)

    def read(self, name):
        return (self.path / name).read_bytes().decode("utf-8")

    def write(self, name, text):
        (self.path / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def replace(self, name, old, new):
        """Replaces the first `old`; it must be there."""
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def place(self, name, marker, last=False):
        """(line, column) of a text of the file, from 1, the column in characters."""
        text = self.read(name)
        at = text.rindex(marker) if last else text.index(marker)
        line = text.count("\n", 0, at) + 1
        return line, at - (text.rfind("\n", 0, at) + 1) + 1


class Program:
    """The program under test with its environment."""

    def __init__(self, path, env, knowledge):
        self.path, self.env, self.knowledge = path, dict(env, QANTAR_KNOWLEDGE=str(knowledge)), knowledge

    def run(self, *words, stdin=b"", env=None):
        if isinstance(stdin, str):
            stdin = stdin.encode("utf-8")
        return subprocess.run([self.path, *words], input=stdin, env=dict(self.env, **(env or {})), capture_output=True,
                              timeout=SECONDS, check=False)

    def start(self, *words):
        return subprocess.Popen([self.path, *words], env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)


def vague_question(program):
    """(a question that is met with candidates, the candidates); looks until one is."""
    tried = ("where", "when", "who", "number", "town", "water", "level", "what level", "how", "minister", "troops",
             "talks", "which",
             "the people", "army", "report", "leader", "order", "help", "street", "agency", "day", "month", "change",
             "country")
    lines = "".join(json.dumps({"id": text, "q": text}) + "\n" for text in tried)
    for line in program.run("ask", "--batch", stdin=lines).stdout.decode("utf-8").split("\n"):
        got = json.loads(line or "{}")
        if got.get("kind") == "unsure":
            return got["id"], got["candidates"]
    raise AssertionError("no vague question was met with candidates")


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, program, *words, columns=80, env=None):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.execve(program.path, [program.path, *words], {**program.env, "TERM": "xterm", **(env or {})})
        self.pid, self.seen, self.status = pid, "", None
        ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode("utf-8"))

    def read(self):
        """Reads what is there; False at the end."""
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.seen += data.decode("utf-8", errors="replace")
        return bool(data)

    def wait_for(self, text, after=0):
        """Reads until `text` has come at or past the position; returns the position behind it."""
        deadline = time.monotonic() + SECONDS
        while text not in self.seen[after:]:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([self.fd], [], [], left)[0], f"{text!r} did not come: {self.seen!r}"
            assert self.read() or text in self.seen[after:], f"it ended before {text!r}: {self.seen!r}"
        return self.seen.index(text, after) + len(text)

    def finish(self):
        """Reads to the end and returns the exit status."""
        deadline = time.monotonic() + SECONDS
        while self.status is None:
            assert time.monotonic() < deadline, f"it did not end: {self.seen!r}"
            if not select.select([self.fd], [], [], 1)[0] or self.read():
                continue
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self.fd)
        return self.status
