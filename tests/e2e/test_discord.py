"""Qantar itself on Discord: the real program against the pretended server, which other people's libraries have shown to be right."""

import contextlib
import json
import random
import shutil
import signal
import socket
import subprocess

import pytest

from discord_fake import FAKE, Fake, Process, fake_discord, until

QUESTION, ANSWER = "When did the dam break?", "April 11, 2031"
OTHER, OTHER_ANSWER = "How many people were evacuated?", "4,200"


class Bot:
    """`qantar run`, with a state directory that outlives it."""

    def __init__(self, qantar, env, fake, **settings):
        self.command = [qantar, "run"]
        self.env = {**env, "QANTAR_DISCORD_TOKEN": fake.token, "QANTAR_DISCORD_API_URL": fake.api,
                    "QANTAR_LIMIT_PERSON_BURST": "0", "QANTAR_LIMIT_ROOM_BURST": "0", **settings}
        self.process, self.logs = None, ""
        self.start()

    def start(self):
        self.process = Process(self.command, env=self.env)

    def connected(self, fake):
        until(lambda: fake.journal()["live"] or self.process.child.poll() is not None, lambda: f"a session:\n{self.log()}")
        assert self.process.child.poll() is None, self.log()

    def log(self):
        return "\n".join(self.process.errors)

    def wait_log(self, *parts):
        return until(lambda: [line for line in self.process.errors if all(part in line for part in parts)],
                     lambda: f"{parts} in the log:\n{self.log()}")

    def end(self, number=signal.SIGTERM):
        status = self.process.end(number)
        self.logs += self.process.text()
        assert "Sanitizer" not in self.logs and "runtime error" not in self.logs, self.logs
        return status


@pytest.fixture
def start(qantar, clean_env, root):
    """Starts a bot against a server; all are ended."""
    bots = []

    def begin(fake, **settings):
        env = {**clean_env, "QANTAR_KNOWLEDGE": str(root / "tests" / "fakes" / "base"),
               "QANTAR_STATE_DIR": f"{clean_env['QANTAR_STATE_DIR']}-{len(bots)}"}
        bots.append(Bot(qantar, env, fake, **settings))
        return bots[-1]

    yield begin
    for bot in bots:
        assert bot.end() in (0, 3, -signal.SIGKILL), bot.logs
        assert "fake.token" not in bot.logs, "the token is in the log"
        assert "dam break" not in bot.logs, "the text of a message is in the log"


@pytest.fixture
def scene(start):
    """A server with a bot that is connected; at the end nothing that Discord forbids was done."""
    with fake_discord() as fake:
        bot = start(fake)
        bot.connected(fake)
        yield fake, bot
        fake.check_manners()


def ask(fake, **more):
    """A question that the bot must answer, however things stand."""
    reply = fake.wait_reply(fake.mention(QUESTION, **more))
    assert ANSWER in reply["content"]
    return reply


def nonces(fake):
    return [request["body"]["nonce"] for request in fake.journal("requests") if request["route"] == "messages"]


# ---- what it answers ----

def test_answers_a_mention_with_the_fact_and_its_source(scene):
    fake, _ = scene
    message = fake.mention(QUESTION)
    reply = fake.wait_reply(message)
    assert ANSWER in reply["content"] and "Ordale Herald" in reply["content"] and "paragraph 1" in reply["content"]
    body = next(request["body"] for request in fake.journal("requests") if request["route"] == "messages")
    assert body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert body["message_reference"] == {"message_id": message["id"], "fail_if_not_exists": False}
    assert body["enforce_nonce"] is True and 0 < len(body["nonce"]) <= 25
    assert reply["mentions"] == []


@pytest.mark.parametrize("question, language", [("Когда прорвало плотину?", "11 апреля"), ("Бөгет қашан бұзылды?", "11 сәуір")])
def test_answers_in_the_questions_language(scene, question, language):
    fake, _ = scene
    assert language in fake.wait_reply(fake.mention(question))["content"]


@pytest.mark.parametrize("channel_type", [True, False])
def test_answers_a_direct_message(scene, channel_type):
    fake, _ = scene
    fake.do("settings", channel_type=channel_type)
    assert ANSWER in fake.wait_reply(fake.say(QUESTION, direct=True, author="boris"))["content"]


def test_answers_a_reply_to_it(scene):
    fake, _ = scene
    first = ask(fake)
    reply = fake.wait_reply(fake.say(OTHER, reply_to=first["id"], author="boris"))
    assert OTHER_ANSWER in reply["content"]


def test_answers_a_reply_without_ping_when_it_may_read_content(start):
    with fake_discord(message_content=True) as fake:
        start(fake, QANTAR_DISCORD_MESSAGE_CONTENT="on").connected(fake)
        assert OTHER_ANSWER in fake.wait_reply(fake.say(OTHER, reply_to=ask(fake)["id"], ping=False))["content"]


def test_says_that_it_does_not_know(scene):
    fake, _ = scene
    content = fake.wait_reply(fake.mention("who won the football match on mars?"))["content"]
    assert ANSWER not in content and OTHER_ANSWER not in content


def test_ignores_talk_among_others_bots_webhooks_and_the_system(scene):
    fake, _ = scene
    ignored = [fake.say(QUESTION), fake.mention(QUESTION, bot=True), fake.mention(QUESTION, webhook_id="5"),
               fake.mention(QUESTION, type=7), fake.say("@everyone " + QUESTION, mention_everyone=True),
               fake.say(f"<@123> {QUESTION}"), fake.say(QUESTION, reply_to=ask(fake)["id"], ping=False)]
    ask(fake)  # what came before is dealt with by then
    assert [fake.replies_to(message) for message in ignored] == [[]] * len(ignored)


def test_answers_an_event_that_arrives_twice_once(scene):
    fake, _ = scene
    message = fake.mention(QUESTION, times=3)
    fake.wait_reply(message)
    ask(fake)
    assert len(fake.replies_to(message)) == 1 and len(fake.journal("posts")) == 2


def test_shows_a_persons_words_without_their_markup(scene):
    fake, _ = scene
    hostile = "**x** @everyone <@1> [a](https://example.org) `b` ||c|| # d"
    content = fake.wait_reply(fake.mention(hostile))["content"]
    for mark in ("**", "@everyone", "<@1>", "](", "||"):
        assert mark not in content


HOSTILE = ["**a**", "*b*", "__c__", "~~d~~", "`e`", "```f```", "||g||", "> h", ">>> i", "# j", "### k", "-# l", "- m", "1. n",
           "[o](http://o.example)", "https://p.example/a_b", "<https://q.example>", "@everyone", "@here", "<@1>", "<@!2>", "<@&3>", "<#4>", "<:r:5>", "<a:s:6>",
           ":smile:", "<t:7:R>", "discord.gg/t", "\\", "\\*", "u_v_w", "\n", "3:15", "Алматы", "\U0001F600"]


def judge(contents):
    """What other people's parser of Discord's markdown makes of them."""
    done = subprocess.run(["node", str(FAKE / "clients" / "plain.js")], input=json.dumps(contents), capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_facts_never_become_markup(start, root, tmp_path):
    assert not any(verdict["plain"] for verdict in judge(["**a**", "<@1>", "https://x.example", "# x", "- x", "@everyone"]))
    base, chance = tmp_path / "base", random.Random(5)
    shutil.copytree(root / "tests" / "fakes" / "base", base)
    file = base / "facts" / "flood.json"
    facts = json.loads(file.read_text())
    answer = "Quite so. " + " ".join(chance.choice(HOSTILE) for _ in range(400))
    facts["facts"][0]["answer"]["en"] = answer
    file.write_text(json.dumps(facts))
    with fake_discord() as fake:
        start(fake, QANTAR_KNOWLEDGE=str(base)).connected(fake)
        message = fake.mention(QUESTION)
        fake.wait_reply(message)
        ask_again = fake.mention(OTHER)
        fake.wait_reply(ask_again)
        contents = [post["content"] for post in fake.journal("posts")]
    own = [line for content in contents for line in content.split("\n") if line.startswith("-# ")]
    assert own, "the small print is the bot's own mark"
    assert len(contents) > 2, "the answer takes several posts"
    verdicts = judge(["\n".join(line.removeprefix("-# ") for line in content.split("\n")) for content in contents])
    assert all(verdict["plain"] for verdict in verdicts), contents
    shown = "".join("".join(verdict["text"] for verdict in verdicts).split())
    assert shown.startswith("".join(answer.split())), "what a reader sees is the fact, letter by letter"


def test_edits_its_answer_when_the_question_is_edited(scene):
    fake, _ = scene
    message = fake.mention(QUESTION)
    reply = fake.wait_reply(message)
    fake.do("edit", id=message["id"], content=f"<@{fake.bot}> {OTHER}")
    edited = fake.wait("edits")[0]
    assert edited["id"] == reply["id"] and OTHER_ANSWER in edited["content"]
    assert len(fake.journal("posts")) == 1


def test_takes_its_answer_back_when_the_question_is_deleted(scene):
    fake, _ = scene
    message = fake.mention(QUESTION)
    reply = fake.wait_reply(message)
    fake.do("delete", id=message["id"])
    assert fake.wait("deletes") == [reply["id"]]


def test_takes_its_answers_back_when_questions_are_deleted_at_once(scene):
    fake, _ = scene
    messages = [fake.mention(QUESTION), fake.mention(OTHER)]
    replies = [fake.wait_reply(message) for message in messages]
    ids, guild = [message["id"] for message in messages], fake.journal()["guild"]
    fake.do("dispatch", t="MESSAGE_DELETE_BULK",
            d={"ids": ids, "guild_id": guild, "channel_id": messages[0]["channel_id"]})
    assert sorted(fake.wait("deletes", 2)) == sorted(reply["id"] for reply in replies)


# ---- the gateway ----

@pytest.mark.parametrize("compress", ["on", "off"])
def test_connects_with_and_without_compression(start, compress):
    with fake_discord() as fake:
        start(fake, QANTAR_DISCORD_COMPRESS=compress).connected(fake)
        ask(fake)
        connection = fake.journal("connections")[0]
        assert connection["query"].get("compress") == ("zstd-stream" if compress == "on" else None)
        assert connection["user_agent"].startswith("DiscordBot (")
        assert fake.journal("identifies")[0]["intents"] & (1 << 15) == 0, "the privileged intent was not asked for"


def test_names_the_operators_page_where_one_is_set(start):
    with fake_discord() as fake:
        start(fake, QANTAR_HOMEPAGE="https://bots.example/qantar/").connected(fake)
        ask(fake)
        agents = {row["user_agent"] for row in fake.journal("connections") + fake.journal("requests")}
        assert len(agents) == 1 and agents.pop().startswith("DiscordBot (https://bots.example/qantar, ")


def test_beats_with_the_last_sequence_and_answers_a_request_to_beat(start):
    with fake_discord(heartbeat_interval=300) as fake:
        start(fake).connected(fake)
        ask(fake)
        # READY, the server, the question, the answer
        until(lambda: (fake.journal("heartbeats") or [0])[-1] == 4, lambda: f"4 in {fake.journal('heartbeats')}")
        fake.do("settings", heartbeat_interval=41250)
        before = len(fake.wait("heartbeats", 3))
        fake.do("heartbeat")
        fake.wait("heartbeats", before + 1)
        fake.check_manners()


def test_never_sends_more_on_the_gateway_than_allowed(scene):
    fake, bot = scene
    for _ in range(200):
        fake.do("heartbeat")
    bot.wait_log("gateway_send_dropped")
    assert 100 <= len(fake.journal("heartbeats")) <= 120
    ask(fake)


def away(fake):
    """A question that is asked while no event arrives; the bot must resume to get it."""
    fake.do("settings", silent=True)
    message = fake.mention(QUESTION)
    fake.do("settings", silent=False)
    return message


def assert_resumed(fake, message):
    assert ANSWER in fake.wait_reply(message)["content"]
    fake.wait("resumes")
    assert len(fake.journal("identifies")) == 1, "no new session was needed"
    ask(fake)
    assert len(fake.replies_to(message)) == 1
    fake.check_manners()


def test_resumes_after_a_heartbeat_without_acknowledgement(start):
    with fake_discord(heartbeat_interval=400) as fake:
        start(fake).connected(fake)
        fake.wait("heartbeats")
        fake.do("settings", ack=False)
        message = away(fake)
        fake.wait("resumes")
        assert fake.journal("client_closes")[0] not in (1000, 1001)
        fake.do("settings", ack=True)
        assert_resumed(fake, message)


def test_resumes_after_a_lost_connection(scene):
    fake, _ = scene
    message = away(fake)
    fake.do("drop")
    assert_resumed(fake, message)


def test_resumes_when_asked_to_reconnect(scene):
    fake, _ = scene
    message = away(fake)
    fake.do("reconnect")
    assert_resumed(fake, message)


def test_resumes_an_invalid_session_that_may_be_resumed(scene):
    fake, _ = scene
    message = away(fake)
    fake.do("invalid", resumable=True)
    assert_resumed(fake, message)


@contextlib.contextmanager
def scenes(start, count):
    """Several servers, each with a bot that is connected: what each must wait for, they wait for together."""
    with contextlib.ExitStack() as stack:
        fakes = [stack.enter_context(fake_discord()) for _ in range(count)]
        for bot, fake in [(start(fake), fake) for fake in fakes]:
            bot.connected(fake)
        yield fakes


def test_resumes_after_every_close_code_that_allows_it(start):
    codes = [1000, 1001, 1012, 4000, 4001, 4002, 4003, 4005, 4008]
    with scenes(start, len(codes)) as fakes:
        messages = [away(fake) for fake in fakes]
        for fake, code in zip(fakes, codes):
            fake.do("close", code=code)
        for fake, message in zip(fakes, messages):
            assert_resumed(fake, message)


def test_identifies_anew_when_the_session_is_over(start):
    with scenes(start, 3) as fakes:
        fakes[0].do("invalid", resumable=False)
        fakes[1].do("close", code=4007)
        fakes[2].do("close", code=4009)
        for fake in fakes:
            fake.wait("identifies", 2)
            fake.wait_live()
            assert fake.journal("resumes") == []
            ask(fake)
            fake.check_manners()


def test_identifies_anew_when_the_sessions_host_is_gone_but_discord_is_there(start):
    with fake_discord(resume_url="ws://127.0.0.1:1", heartbeat_interval=100) as fake:
        bot = start(fake)
        bot.connected(fake)
        fake.wait("heartbeats")
        fake.do("settings", resume_url="")
        fake.do("drop")
        fake.wait("identifies", 2)
        bot.connected(fake)
        ask(fake)
        tries = len([line for line in bot.process.errors if "from=waiting to=opening" in line and "to resume" in line])
        assert tries == 2, "the host was given a chance before Discord was asked"


@pytest.mark.parametrize("code, words", [
    (4004, "QANTAR_DISCORD_TOKEN"), (4010, "shard"), (4011, "too many servers"), (4012, "newer Qantar"), (4013, "intents"),
    (4014, "Message Content Intent")])
def test_gives_up_in_plain_words_at_a_fatal_close_code(start, code, words):
    with fake_discord(refuse_identify=code) as fake:
        bot = start(fake)
        assert bot.process.wait() == 3
        assert words in bot.process.text()
        assert len(fake.journal("identifies")) == 1


def test_gives_up_when_rest_refuses_the_token(start):
    with fake_discord() as fake:
        bot = start(fake, QANTAR_DISCORD_TOKEN="another.token.entirely")
        assert bot.process.wait() == 3
        assert "refused the bot's token" in bot.process.text()
        assert len(fake.journal("requests")) == 1 and "another.token" not in bot.process.text()


def test_gives_up_when_the_token_is_refused_later(start):
    with fake_discord() as fake:
        bot = start(fake)
        bot.connected(fake)
        fault(fake, status=401, times=9, body={"message": "401: Unauthorized", "code": 0})
        fake.mention(QUESTION)
        assert bot.process.wait() == 3
        assert "refused the bot's token" in bot.process.text()
        assert fake.journal("invalid") == [401]


def test_waits_when_the_days_sessions_are_used_up(start):
    with fake_discord(identifies_remaining=2, identifies_reset_after=3600000) as fake:
        bot = start(fake)
        bot.wait_log("identifies_used_up")
        assert fake.journal("identifies") == []


def test_outlives_garbage(scene):
    fake, _ = scene
    for text in ("", "{", "[]", "null", "12", '"x"', '{"op":"0"}', '{"op":0}', '{"op":0,"s":1,"t":5,"d":7}', '{"op":99,"d":{}}',
                 '{"op":10,"d":{"heartbeat_interval":-5}}', '{"op":0,"s":2,"t":"MESSAGE_CREATE","d":null}',
                 '{"op":0,"s":2,"t":"MESSAGE_CREATE","d":{"id":[],"author":7}}', "[" * 100000, '{"a":1,"a":2}', "\x00"):
        fake.do("raw", text=text)
    ask(fake)
    assert len(fake.journal("connections")) == 1, "it did not even reconnect"


def test_reads_over_a_message_that_is_too_large(scene):
    fake, bot = scene
    fake.do("raw", fill=9 << 20)
    bot.wait_log("larger than the cap")
    ask(fake)
    assert len(fake.journal("connections")) == 1


def test_resumes_after_a_corrupt_stream(scene):
    fake, bot = scene
    message = away(fake)
    fake.do("raw", hex="ff" * 64)
    assert_resumed(fake, message)
    assert bot.wait_log("compressed stream is corrupt")


def test_identifies_anew_after_an_oversized_plain_frame(start):
    with fake_discord() as fake:
        start(fake, QANTAR_DISCORD_COMPRESS="off").connected(fake)
        fake.do("raw", fill=9 << 20)
        fake.wait("identifies", 2)
        fake.wait_live()
        ask(fake)


# ---- sending ----

def fault(fake, **what):
    fake.do("fault", method="POST", path="/messages", **what)


def test_waits_out_a_429_with_the_same_nonce(scene):
    fake, _ = scene
    fault(fake, status=429, times=2, body={"message": "You are being rate limited.", "retry_after": 0.4, "global": False},
          headers={"Retry-After": "1", "X-RateLimit-Scope": "user"})
    ask(fake)
    times = [request["time"] for request in fake.journal("requests") if request["route"] == "messages"]
    assert len(times) == 3 and len(set(nonces(fake))) == 1
    assert times[1] - times[0] >= 0.4 and times[2] - times[1] >= 0.4


def test_stops_all_channels_at_a_global_429(scene):
    fake, _ = scene
    fault(fake, status=429, body={"message": "", "retry_after": 0.5, "global": True}, headers={"X-RateLimit-Global": "true"})
    first = fake.mention(QUESTION)
    fake.wait("invalid")
    second = fake.mention(QUESTION, channel="other")
    fake.wait_reply(first)
    fake.wait_reply(second)
    times = [request["time"] for request in fake.journal("requests") if request["route"] == "messages"]
    assert min(times[1:]) - times[0] >= 0.5


def test_never_meets_a_limit_that_it_was_told_of(start):
    with fake_discord(bucket_limit=2, bucket_window=1) as fake:
        start(fake).connected(fake)
        asked = [fake.mention(QUESTION, author=f"person{i}") for i in range(7)]
        replies = [fake.wait_reply(message) for message in asked]
        assert [reply["id"] for reply in replies] == sorted(reply["id"] for reply in replies), "in the order of the questions"
        assert fake.journal("invalid") == []
        fake.check_manners()


@pytest.mark.parametrize("fails", [{"status": 500, "body": {}}, {"status": 502, "text": "<html>"}, {"lose": "before"}])
def test_sends_again_under_the_same_nonce_after_a_failure(scene, fails):
    fake, _ = scene
    fault(fake, **fails)
    message = fake.mention(QUESTION)
    fake.wait_reply(message)
    ask(fake, channel="other")
    assert len(fake.replies_to(message)) == 1
    sent = nonces(fake)
    assert sent[0] == sent[1] and len(set(sent)) == 2


def test_posts_once_when_the_answer_to_its_post_is_lost(scene):
    fake, _ = scene
    fault(fake, lose="after")
    message = fake.mention(QUESTION)
    assert fake.wait("deduplicated")
    assert len(fake.replies_to(message)) == 1 and len(set(nonces(fake))) == 1


def test_remembers_a_channel_in_which_it_may_not_write(scene):
    fake, _ = scene
    channels = fake.about["channels"]
    fake.do("settings", forbidden=[channels["general"]])
    fake.mention(QUESTION)
    fake.wait("invalid")
    for _ in range(3):
        fake.mention(QUESTION)
    ask(fake, channel="other")
    assert fake.journal("invalid") == [403]
    fake.do("settings", forbidden=[])
    fake.do("dispatch", t="CHANNEL_UPDATE", d={"id": channels["general"]})
    ask(fake)


def test_posts_without_a_reference_where_it_may_not_read_the_history(scene):
    fake, _ = scene
    fake.do("settings", no_history=[fake.about["channels"]["general"]])
    for count in (1, 2):
        fake.mention(QUESTION)
        assert ANSWER in fake.posts(count=count)[-1]["content"]


# ---- restarts ----

def test_resumes_after_kill_9_and_answers_what_was_asked_meanwhile_once(scene):
    fake, bot = scene
    before = fake.mention(QUESTION)
    fake.wait_reply(before)
    bot.end(signal.SIGKILL)
    until(lambda: fake.journal()["open"] == 0, "the connection is gone")
    meanwhile = fake.mention(QUESTION)
    bot.start()
    assert ANSWER in fake.wait_reply(meanwhile)["content"]
    fake.wait("resumes")
    ask(fake)
    assert len(fake.journal("identifies")) == 1
    assert [len(fake.replies_to(message)) for message in (before, meanwhile)] == [1, 1]


def test_posts_once_when_killed_before_it_learns_that_it_posted(scene):
    fake, bot = scene
    fault(fake, delay=30, status=500)
    message = fake.mention(QUESTION)
    until(lambda: nonces(fake), "the post is under way")
    bot.end(signal.SIGKILL)
    bot.start()
    fake.wait_reply(message)
    ask(fake)
    assert len(fake.replies_to(message)) == 1
    assert nonces(fake)[0] == nonces(fake)[1]


def test_connects_once_the_server_is_there(start):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        stub = type("Away", (), {"token": "fake.token.of-nobody", "api": f"http://127.0.0.1:{port}/api/v10"})
        bot = start(stub)
        bot.wait_log("GET /gateway/bot failed")
    fake = Fake(port=port)
    try:
        fake.wait_live()
        ask(fake)
    finally:
        fake.end()


def test_identifies_anew_when_the_server_returns_without_its_sessions(start):
    with fake_discord() as fake:
        bot = start(fake)
        bot.connected(fake)
        port = fake.port
    bot.wait_log("to=waiting")
    fake = Fake(port=port)
    try:
        fake.wait_live()
        assert fake.journal("resumes") and fake.journal("identifies")
        ask(fake)
    finally:
        fake.end()


@pytest.mark.parametrize("state", ["asking", "greeting", "identifying", "ready", "closing", "waiting"])
def test_stops_cleanly_in_every_state(start, state):
    with fake_discord(hello=state != "greeting", ready=state != "identifying") as fake:
        if state == "asking":
            fake.do("fault", path="/gateway/bot", delay=30, status=500)
        bot = start(fake)
        if state in ("ready", "closing", "waiting"):
            bot.connected(fake)
        if state == "closing":
            fake.do("reconnect")
        if state == "waiting":
            fake.do("drop")
        bot.wait_log("module=discord", f"to={state}")
        assert bot.end() == 0


def test_stops_cleanly_and_resumes_at_the_next_start(scene):
    fake, bot = scene
    ask(fake)
    assert bot.end() == 0
    bot.start()
    fake.wait("resumes")
    ask(fake)
    assert len(fake.journal("identifies")) == 1


# ---- an admin ----

def test_reloads_for_an_admin_and_refuses_others(start):
    with fake_discord() as fake:
        admin = fake.say("hello", author="admin")["author"]["id"]
        start(fake, QANTAR_ADMINS=f"discord:{admin}").connected(fake)
        refusal = fake.wait_reply(fake.mention("admin reload", author="boris"))["content"]
        done = fake.wait_reply(fake.mention("admin reload", author="admin"))["content"]
        assert "\n" not in refusal.strip() and refusal != done, json.dumps([refusal, done])
        ask(fake)
