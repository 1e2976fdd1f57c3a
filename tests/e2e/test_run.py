"""qantar run and qantar healthcheck as an operator meets them: settings, signals, reload, two on one directory.

The bot's only platform is a Discord that nobody serves: it goes on trying to reach it, which is all these tests need.
"""

import os
import signal
import subprocess
import threading
import time

import pytest

SECONDS = 60  # a deadline, not a measure
SECRET = "s3cret-token-of-nobody"


class Bot:
    """A running bot whose log can be waited for."""

    def __init__(self, program, *words, **env):
        self.lines, self.changed = [], threading.Condition()
        self.process = subprocess.Popen([program.path, "run", *words], env={**program.env, **env},
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def wait_log(self, *parts):
        """The first line that holds all parts."""
        def found():
            return [line for line in self.lines if all(part in line for part in parts)]
        with self.changed:
            self.changed.wait_for(lambda: found() or not self.reader.is_alive(), SECONDS)
            assert found(), f"no {parts} in:\n" + "\n".join(self.lines[-40:])
            return found()[0]

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(SECONDS)
        self.reader.join(SECONDS)
        assert "Sanitizer" not in "\n".join(self.lines)
        return status


@pytest.fixture
def start(small):
    """Starts a bot on the small base; what it started ends with the test."""
    bots = []

    def begin(*words, **env):
        bots.append(Bot(small, *words, **{"QANTAR_DISCORD_TOKEN": SECRET,
                                          "QANTAR_DISCORD_API_URL": "http://127.0.0.1:1/api", **env}))
        return bots[-1]

    yield begin
    for bot in bots:
        bot.end()


def until_health(small, wanted):
    """Runs healthcheck until it exits with `wanted`."""
    deadline = time.monotonic() + SECONDS
    while (done := small.run("healthcheck")).returncode != wanted:
        assert time.monotonic() < deadline, done.stderr.decode()
        time.sleep(0.05)
    return done


def test_run_tells_all_that_is_wrong_and_starts_nothing(small, tmp_path):
    config = tmp_path / "qantar.conf"
    config.write_text("QANTAR_COLOUR=red\nQANTAR_LOG_LEVEL=loud\nQANTAR_CONTACT=\"x\"\n"
                      f"QANTAR_DISCORD_TOKEN_FILE={tmp_path}/absent\n")
    done = small.run("run", "--config", str(config))
    words = done.stderr.decode()
    assert done.returncode == 3 and not done.stdout
    for part in ("qantar.conf:1: QANTAR_COLOUR is not a setting", "QANTAR_LOG_LEVEL", "write one of debug|info",
                 "without quotes", "QANTAR_DISCORD_TOKEN_FILE", f"{tmp_path}/absent"):
        assert part in words
    assert not (tmp_path / "state").exists()


def test_run_without_a_platform_says_what_to_set(small):
    done = small.run("run")
    assert done.returncode == 3
    assert b"QANTAR_MATRIX_USER" in done.stderr and b"QANTAR_DISCORD_TOKEN" in done.stderr


def test_run_with_a_config_that_is_not_there(small):
    done = small.run("run", "--config", "/nonexistent/qantar.conf")
    assert done.returncode == 3 and b"/nonexistent/qantar.conf" in done.stderr


def test_run_on_a_broken_base_says_where(small, small_base):
    small_base.replace("facts/flood.json", '"facts"', '"fakts"')
    done = small.run("run", env={"QANTAR_DISCORD_TOKEN": SECRET})
    assert done.returncode == 3 and b"facts/flood.json:" in done.stderr


def test_run_lives_until_it_is_told_to_end(small, start, tmp_path):
    assert small.run("healthcheck").returncode == 1
    bot = start(QANTAR_PORT="tcp://10.0.0.1:80")
    bot.wait_log("module=run", "event=started", "as_of=2031-04-13")
    bot.wait_log("QANTAR_PORT in the environment is not a setting")
    assert until_health(small, 0).stdout == b"healthy\n"
    assert oct(os.stat(tmp_path / "state" / "state.sqlite").st_mode & 0o777) == "0o600"
    assert bot.end() == 0
    done = small.run("healthcheck")
    assert done.returncode == 1 and b"no bot is running" in done.stderr


def test_run_is_ended_by_an_interrupt(start):
    bot = start()
    bot.wait_log("event=started")
    assert bot.end(signal.SIGINT) == 0


def test_run_starts_again_after_a_kill(start):
    bot = start()
    bot.wait_log("event=started")
    bot.end(signal.SIGKILL)
    start().wait_log("event=started")


def test_run_refuses_a_state_directory_that_is_taken(small, start):
    bot = start()
    bot.wait_log("event=started")
    done = small.run("run", env={"QANTAR_DISCORD_TOKEN": SECRET})
    assert done.returncode == 3 and b"another bot is running" in done.stderr
    assert bot.process.poll() is None


def test_run_never_logs_a_secret(start, tmp_path):
    token = tmp_path / "token"
    token.write_text(SECRET + "\n")
    bot = start(QANTAR_DISCORD_TOKEN="", QANTAR_DISCORD_TOKEN_FILE=str(token), QANTAR_LOG_LEVEL="debug")
    bot.wait_log("module=discord", "rest_failed")
    bot.end()
    assert SECRET not in "\n".join(bot.lines)


def test_run_reloads_on_sighup(start, small_base):
    bot = start()
    bot.wait_log("event=started")
    small_base.replace("facts/flood.json", '"answer": {"en": "', '"answer": {"en": "Newly: ')
    bot.process.send_signal(signal.SIGHUP)
    assert "changed=1" in bot.wait_log("module=reload", "event=done")


def test_run_reloads_after_a_sighup_that_came_while_it_trained(start, tmp_path):
    bot = start(QANTAR_CACHE_DIR=str(tmp_path / "empty"))
    bot.wait_log("module=run", "event=training")
    bot.process.send_signal(signal.SIGHUP)
    bot.wait_log("event=started")
    bot.wait_log("module=reload", "event=done")


def test_run_keeps_its_facts_when_the_new_ones_are_broken(small, start, small_base):
    bot = start()
    bot.wait_log("event=started")
    before = small_base.read("facts/flood.json")
    small_base.replace("facts/flood.json", '"facts"', '"fakts"')
    bot.process.send_signal(signal.SIGHUP)
    bot.wait_log("module=reload", "event=failed")
    bot.wait_log("module=reload", "event=problem", "facts/flood.json", "line=")
    until_health(small, 0)
    small_base.write("facts/flood.json", before)
    bot.process.send_signal(signal.SIGHUP)
    bot.wait_log("module=reload", "event=done")


def test_run_takes_the_environment_over_the_file(start, tmp_path):
    config = tmp_path / "qantar.conf"
    config.write_text("# the operator's\nQANTAR_LOG_LEVEL=error\n")
    bot = start("--config", str(config), QANTAR_LOG_LEVEL="info")
    bot.wait_log("event=started")
