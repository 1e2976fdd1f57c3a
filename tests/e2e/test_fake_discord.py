"""The pretended Discord is shown to be right by bots written with other people's libraries: discord.py and discord.js."""

import contextlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from discord_fake import FAKE, Process, fake_discord, until

NODE = Path(os.environ.get("NODE_PATH", ""))


def command(library, fake):
    if library == "discord.py":
        return [sys.executable, str(FAKE / "clients" / "bot.py"), fake.api, fake.token]
    if not shutil.which("node") or not (NODE / "discord.js").is_dir():
        pytest.fail("discord.js is not installed: NODE_PATH must lead to it (tests/run sees to that)")
    return ["node", str(FAKE / "clients" / "bot.js"), fake.api, fake.token]


class Client:
    """A library's bot, and the events it tells."""

    def __init__(self, library, fake):
        self.process = Process(command(library, fake))

    def events(self, name):
        return [event for event in map(json.loads, [line for line in self.process.lines if line.startswith("{")])
                if event["event"] == name]

    def wait(self, name, count=1):
        def enough():
            events = self.events(name)
            if len(events) < count and self.process.child.poll() is not None:
                raise AssertionError(f"the client ended:\n{self.process.text()}")
            return events if len(events) >= count else None
        return until(enough, lambda: f"{count} x {name}:\n{self.process.text()}")


@pytest.fixture(scope="module", params=["discord.py", "discord.js"])
def library(request):
    return request.param


@contextlib.contextmanager
def logged_in(library, **settings):
    """A server and a bot that has logged in."""
    with fake_discord(**settings) as fake:
        client = Client(library, fake)
        try:
            ready = client.wait("ready")[0]
            assert ready["user"] == fake.bot and ready["guilds"] == 1
            yield fake, client
        finally:
            client.process.end()


@pytest.fixture(scope="module")
def both(library):
    with logged_in(library) as pair:
        assert len(pair[0].journal("identifies")) == 1
        yield pair


@pytest.fixture
def scene(both):
    """The same server and bot for several tests, with nothing yet in the journal and nothing told."""
    fake, client = both
    fake.wait_live()
    fake.do("forget")
    client.process.lines.clear()
    yield fake, client
    fake.check_manners()


def test_library_receives_and_replies(scene):
    fake, client = scene
    first = fake.mention("hello")
    assert fake.wait_reply(first)["content"] == "pong: hello"
    direct = fake.say("in private", direct=True, author="boris")
    assert fake.wait_reply(direct)["content"] == "pong: in private"
    told = {event["id"]: event for event in client.wait("message", 4)}
    assert not told[first["id"]]["direct"] and told[direct["id"]]["direct"]
    assert sum(event["own"] for event in told.values()) == 2, "a bot receives its own messages too"


def test_library_gets_no_content_without_the_intent(scene):
    fake, client = scene
    other = fake.say("talk among others")
    mention = fake.mention("for you")
    told = {event["id"]: event["content"] for event in client.wait("message", 3)}
    assert told[other["id"]] == ""
    assert told[mention["id"]].endswith("for you")


def test_library_sees_edits_and_deletions(scene):
    fake, client = scene
    message = fake.mention("helo")
    fake.wait_reply(message)
    fake.do("edit", id=message["id"], content=f"<@{fake.bot}> hello")
    assert client.wait("edited")[0]["id"] == message["id"]
    fake.do("delete", id=message["id"])
    assert client.wait("deleted")[0]["id"] == message["id"]


def test_library_is_rate_limited_and_delivers_all(library):
    with logged_in(library, bucket_limit=2, bucket_window=1) as (fake, _):
        fake.do("fault", method="POST", path="/messages", status=429, times=1,
                body={"message": "You are being rate limited.", "retry_after": 0.3, "global": False},
                headers={"Retry-After": "1", "X-RateLimit-Scope": "user", "Via": "1.1 google"})
        fake.mention("1|2|3|4|5")
        assert [post["content"] for post in fake.posts(count=5)] == [f"pong: {n}" for n in range(1, 6)]
        times = [request["time"] for request in fake.journal("requests")
                 if request["route"] == "messages" and request["status"] == 200]
        assert times[-1] - times[0] >= 1.9, "five messages need three windows of two"


def test_library_resumes_after_a_lost_connection(scene):
    fake, client = scene
    fake.do("settings", silent=True)
    missed = fake.mention("while you were away")
    fake.do("settings", silent=False)
    fake.do("drop")
    assert fake.wait_reply(missed)["content"] == "pong: while you were away"
    client.wait("resumed")
    assert fake.journal("identifies") == [] and len(fake.journal("resumes")) == 1


def test_library_resumes_when_asked_to_reconnect(scene):
    fake, client = scene
    fake.do("reconnect")
    client.wait("resumed")
    assert fake.journal("identifies") == []
    assert fake.wait_reply(fake.mention("still there?"))["content"] == "pong: still there?"


def test_library_identifies_anew_after_an_invalid_session(scene):
    fake, _ = scene
    fake.do("settings", identify_spacing=0)
    fake.do("invalid", resumable=False)
    fake.wait("identifies")
    fake.wait_live()
    assert fake.wait_reply(fake.mention("again"))["content"] == "pong: again"


def test_discord_js_resumes_after_a_heartbeat_without_acknowledgement():
    # discord.py waits a fixed minute for one.
    with logged_in("discord.js", heartbeat_interval=400) as (fake, client):
        fake.wait("heartbeats")
        fake.do("settings", ack=False)
        fake.wait("resumes")
        fake.do("settings", ack=True)
        client.wait("resumed")


def test_library_gives_up_at_the_documented_close_code(library):
    with fake_discord(refuse_identify=4014) as fake:
        client = Client(library, fake)
        assert fake.wait("refusals")[0]["code"] == 4014
        assert client.process.wait() != 0
