"""Fixtures for Qantar on Matrix: a homeserver, people on it, and the real program. Test modules import them all."""

import functools
import itertools
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading

import pytest

from synapse import NAME, Homeserver, until

__all__ = ["homeserver", "homeservers", "limited_homeserver", "new_bot", "own_base", "people", "room", "scene"]

counter = itertools.count(1)


@functools.cache
def shared_homeservers(config):
    """Two of them, started side by side: rate limits lifted, and with Synapse's own. One pair for all modules of a run."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="qantar-synapse-"))
    both = {"lifted": Homeserver(folder / "lifted"), "default": Homeserver(folder / "default", limits=True)}

    def end():
        for server in both.values():
            server.stop()
        shutil.rmtree(folder)

    config.add_cleanup(end)
    for server in both.values():
        server.start()
    return both


@pytest.fixture
def homeservers(request):
    return shared_homeservers(request.config)


@pytest.fixture
def homeserver(homeservers):
    return homeservers["lifted"].wait_ready()


@pytest.fixture
def limited_homeserver(homeservers):
    return homeservers["default"].wait_ready()


@pytest.fixture
def people(homeserver):
    """Makes people with names of this test only: `ann, bob = people("ann", "bob")`."""
    number = next(counter)
    return lambda *names: [homeserver.register(f"{name}{number}") for name in names]


class Bot:
    """`qantar run`, with a state directory that outlives it."""

    def __init__(self, qantar, env, user, settings, config):
        self.user, self.process, self.lines = user, None, []
        self.command = [qantar, "run", "--config", str(config)]
        self.env = {**env, "QANTAR_MATRIX_HOMESERVER": user.homeserver.url, "QANTAR_MATRIX_USER": user.id,
                    "QANTAR_MATRIX_INVITE_ALLOW": f"@*:{NAME}", "QANTAR_LIMIT_PERSON_BURST": "0", "QANTAR_LIMIT_ROOM_BURST": "0"}
        if user.token:
            self.env["QANTAR_MATRIX_ACCESS_TOKEN"] = user.token
        self.env.update(settings)

    def start(self):
        """Starts, and waits until the bot has seen a whole sync."""
        self.run()
        self.wait_log("module=matrix", "event=state", "to=connected")
        return self

    def run(self):
        assert self.process is None
        self.lines = []
        self.process = subprocess.Popen(self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, errors="replace")
        self.reader = threading.Thread(target=self.read, args=(self.process.stderr, self.lines), daemon=True)
        self.reader.start()

    @staticmethod
    def read(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def log(self):
        return "\n".join(self.lines[-60:])

    def logged(self, *parts):
        return [line for line in self.lines if all(part in line for part in parts)]

    def wait_log(self, *parts, seconds=60):
        def seen():
            found = self.logged(*parts)
            assert found or self.process.poll() is None, f"the bot ended\n{self.log()}"
            return found
        return until(seen, lambda: f"{parts} in the log:\n{self.log()}", seconds)

    def wait_end(self, seconds=60):
        """The exit status of a bot that ends by itself."""
        status = self.process.wait(seconds)
        return self.check(status)

    def end(self, number=signal.SIGTERM):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.check(self.process.wait(20))

    def check(self, status):
        self.reader.join(10)
        self.process.stderr.close()
        self.process = None
        log = "\n".join(self.lines)
        assert not re.search("Sanitizer|runtime error", log), log
        assert "syt_" not in log and "syr_" not in log and "pass" not in log.split(), "a secret is in the log"
        assert "dam break" not in log, "the text of a message is in the log"
        return status


@pytest.fixture
def new_bot(qantar, clean_env, root, tmp_path):
    """Makes a bot for a user; all of them are ended, and must end well."""
    bots = []
    config = tmp_path / "qantar.conf"
    config.write_text("")  # not the one of the machine

    def make(user, **settings):
        env = {**clean_env, "QANTAR_KNOWLEDGE": str(root / "tests" / "fakes" / "base"),
               "QANTAR_STATE_DIR": str(tmp_path / f"state{len(bots)}")}
        bots.append(Bot(qantar, env, user, settings, config))
        return bots[-1]

    yield make
    for bot in bots:
        assert bot.end() in (None, 0), bot.log()


@pytest.fixture
def scene(people, new_bot):
    """Ann and Bob, the bot's account, and the bot, connected."""
    ann, bob, qantar = people("ann", "bob", "qantar")
    return ann, bob, new_bot(qantar).start()


@pytest.fixture
def room(scene):
    """A room with Ann, Bob and the bot."""
    ann, bob, bot = scene
    room_id = ann.create_room(bob, bot.user)
    bob.join(room_id)
    ann.wait_member(room_id, bot.user)
    return room_id


@pytest.fixture
def own_base(root, tmp_path):
    """A base that a test may change."""
    return shutil.copytree(root / "tests" / "fakes" / "base", tmp_path / "base")
