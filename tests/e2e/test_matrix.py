"""Qantar on Matrix: the real program on a real homeserver (Synapse), among people."""

import json

import pytest

from matrix_scene import *  # noqa: F403
from synapse import NAME, Refused, answered, redacted, relation, replaced, until

QUESTION, ANSWER = "When did the dam break?", "April 11, 2031"
OTHER, OTHER_ANSWER = "How many people were evacuated?", "4,200"


def ask(user, room, bot, text=QUESTION, **content):
    """A question that the bot must answer, however things stand; its answer."""
    return user.wait_answer(room, user.mention(room, bot.user, text, **content))


# ---- what it answers, and how ----

def test_answers_a_mention_with_the_fact_and_its_source(scene, room):
    ann, _, bot = scene
    question = ann.mention(room, bot.user, QUESTION)
    answer = ann.wait_answer(room, question)
    content = answer["content"]
    assert answer["sender"] == bot.user.id and content["msgtype"] == "m.notice"
    assert ANSWER in content["body"] and "Ordale Herald" in content["body"] and "paragraph 1" in content["body"]
    assert content["format"] == "org.matrix.custom.html" and ANSWER in content["formatted_body"]
    assert content["m.mentions"] == {"user_ids": [ann.id]}
    assert content["m.relates_to"] == {"m.in_reply_to": {"event_id": question}}
    assert not content["body"].startswith(">")
    until(lambda: ann.sync(200) or bot.user.id in ann.receipts.get(room, {}).get(question, ()), "the question is marked as read")


@pytest.mark.parametrize("question, answer", [("Когда прорвало плотину?", "11 апреля"), ("Бөгет қашан бұзылды?", "11 сәуір")])
def test_answers_in_the_questions_language(scene, room, question, answer):
    ann, _, bot = scene
    assert answer in ask(ann, room, bot, question)["content"]["body"]


def test_says_that_it_does_not_know(scene, room):
    ann, _, bot = scene
    body = ask(ann, room, bot, "who won the football match on mars?")["content"]["body"]
    assert ANSWER not in body and OTHER_ANSWER not in body


def test_is_called_by_mention_name_prefix_and_reply(scene, room):
    ann, bob, bot = scene
    name = bot.user.id.split(":")[0]
    first = ask(ann, room, bot)
    asked = [ann.say(room, f"!ask {QUESTION}"), bob.say(room, f"!q {QUESTION}"), ann.say(room, f"{name} {QUESTION}"),
             bob.say(room, f"{name[1:]}: {QUESTION}"),
             ann.say(room, f"x {QUESTION}", formatted_body=f'<a href="https://matrix.to/#/{bot.user.id}">x</a> {QUESTION}'),
             bob.say(room, QUESTION, **{"m.relates_to": {"m.in_reply_to": {"event_id": first["event_id"]}}}),
             bob.say(room, f"> <{bot.user.id}> old\n\n{QUESTION}", **{"m.relates_to": {"m.in_reply_to": {"event_id": first["event_id"]}}})]
    for event in asked:
        assert ANSWER in ann.wait_answer(room, event)["content"]["body"]


def test_is_silent_when_nobody_calls_it(scene, room):
    ann, bob, bot = scene
    first = ann.say(room, "hello Bob")
    ignored = [first, ann.say(room, QUESTION), bob.say(room, QUESTION, **{"m.relates_to": {"m.in_reply_to": {"event_id": first}}}),
               bob.say(room, f"{bot.user.id}: {QUESTION}", **{"m.mentions": {}}), ann.say(room, f"!asking {QUESTION}"),
               ann.send(room, {"msgtype": "m.notice", "body": f"!ask {QUESTION}"}),
               ann.send(room, {"msgtype": "m.emote", "body": f"!ask {QUESTION}"})]
    ask(ann, room, bot)  # what came before is dealt with by then
    assert not [event for event in ann.find(room, answered) if event["sender"] == bot.user.id and answered(event) in ignored]


def test_shows_a_persons_words_without_their_markup(scene, room):
    ann, _, bot = scene
    content = ask(ann, room, bot, "<b>who</b> is <img src=x> @room & \u202ethe mayr of lindmrk \"quoted\"?")["content"]
    for mark in ("<b>", "<img", "\u202e"):
        assert mark not in content["formatted_body"]
    assert "room" not in content["m.mentions"]


def test_survives_what_strangers_can_send(scene, room):
    ann, _, bot = scene
    deep = nested = []
    for _ in range(100):
        nested.append([])
        nested = nested[0]
    odd = [{"body": f"!ask {QUESTION}\0"}, {"body": QUESTION, "x": deep}, {"body": QUESTION, "x": [0] * 20000},
           {"body": "", "m.relates_to": 7}, {"body": "x", "formatted_body": 7}, {"body": "!ask " + "[" * 50000},
           {"body": "!ask " + "\u202e\U0001f600" * 5000}, {"body": "!ask", "m.mentions": {"user_ids": "x"}}]
    for content in odd:
        ann.send(room, {"msgtype": "m.text", **content})
    assert ANSWER in ask(ann, room, bot)["content"]["body"]


def test_answers_what_nobody_asked_it_where_it_is_set_so(people, new_bot):
    ann, qantar = people("ann", "qantar")
    room = ann.create_room(qantar)
    new_bot(qantar, QANTAR_ANSWER_ALL_ROOMS=room).start()
    ann.wait_member(room, qantar)
    chatter = [ann.say(room, "good morning everybody"), ann.say(room, "who won the football match on mars?")]
    assert ANSWER in ann.wait_answer(room, ann.say(room, QUESTION))["content"]["body"]
    assert [ann.answers(room, event) for event in chatter] == [[], []]


def test_answers_in_the_thread(scene, room):
    ann, _, bot = scene
    root = ann.say(room, "a thread")
    thread = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True, "m.in_reply_to": {"event_id": root}}
    question = ann.mention(room, bot.user, QUESTION, **{"m.relates_to": thread})
    answer = ann.wait_answer(room, question)
    assert relation(answer)["rel_type"] == "m.thread" and relation(answer)["event_id"] == root


def test_says_once_that_it_cannot_read_an_encrypted_room(scene):
    ann, bob, bot = scene
    room = ann.create_room(bot.user, initial_state=[{"type": "m.room.encryption", "state_key": "",
                                                     "content": {"algorithm": "m.megolm.v1.aes-sha2"}}])
    ann.wait_member(room, bot.user)
    secret = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "device_id": "X", "sender_key": "k", "session_id": "s"}
    first = ann.send(room, secret, "m.room.encrypted")
    assert "encrypted" in ann.wait_answer(room, first)["content"]["body"]
    second = ann.send(room, secret, "m.room.encrypted")
    ask(ann, room, bot)  # an unencrypted message there is read
    assert ann.answers(room, second) == []


# ---- direct messages and rooms it comes into ----

def test_answers_the_first_question_of_a_direct_message(people, new_bot):
    ann, qantar = people("ann", "qantar")
    bot = new_bot(qantar)
    room = ann.direct_room(qantar)
    first = ann.say(room, QUESTION)  # before the bot is there, let alone running
    bot.start()
    assert ANSWER in ann.wait_answer(room, first)["content"]["body"]
    assert OTHER_ANSWER in ann.wait_answer(room, ann.say(room, OTHER))["content"]["body"]
    direct = qantar.call("GET", f"/user/{qantar.id}/account_data/m.direct")
    assert direct == {ann.id: [room]}


def test_answers_nothing_from_before_it_joined(scene):
    ann, bob, bot = scene
    room = ann.create_room(bob)
    old = ann.say(room, f"!ask {QUESTION}")
    ann.invite(room, bot.user)
    ann.wait_member(room, bot.user)
    ask(ann, room, bot)
    assert ann.answers(room, old) == []


def test_declines_the_invitation_of_a_stranger(people, new_bot):
    ann, eve, qantar = people("ann", "eve", "qantar")
    new_bot(qantar, QANTAR_MATRIX_INVITE_ALLOW=f"@ann*:{NAME}").start()
    room = eve.direct_room(qantar)
    eve.wait_member(room, qantar, "leave")
    ann.wait_member(ann.direct_room(qantar), qantar, "join")


def test_leaves_a_room_that_everybody_left(scene, room):
    ann, bob, bot = scene
    bob.leave(room)
    ask(ann, room, bot)
    ann.leave(room)
    until(lambda: room not in bot.user.call("GET", "/joined_rooms")["joined_rooms"], "the bot is out")


def test_follows_an_upgraded_room(scene, room):
    ann, _, bot = scene
    upgraded = ann.call("POST", ann.room_path(room, "upgrade"), {"new_version": "12"})["replacement_room"]
    assert ":" not in upgraded
    ann.invite(upgraded, bot.user)
    ann.wait_member(upgraded, bot.user)
    assert ANSWER in ask(ann, upgraded, bot)["content"]["body"]


def test_follows_a_tombstone_without_invitation(scene, room):
    ann, _, bot = scene
    public = ann.create_room(preset="public_chat")
    ann.state(room, "m.room.tombstone", {"body": "moved", "replacement_room": public})
    ann.wait_member(public, bot.user)
    assert ANSWER in ask(ann, public, bot)["content"]["body"]


# ---- edits and redactions ----

def test_edits_its_answer_when_the_question_is_edited(scene, room):
    ann, bob, bot = scene
    question = ann.mention(room, bot.user, QUESTION)
    answer = ann.wait_answer(room, question)["event_id"]
    bob.edit(room, question, f"!ask {QUESTION} not mine")  # a forgery: of no effect
    for text, expected in ((OTHER, OTHER_ANSWER), (QUESTION, ANSWER)):
        ann.edit(room, question, f"{bot.user.id}: {text}")
        edit = ann.wait(room, lambda event: replaced(event) == answer and expected in json.dumps(event["content"], ensure_ascii=False),
                        "an edit of the answer itself")[0]
        assert expected in edit["content"]["m.new_content"]["body"] and edit["content"]["m.mentions"] == {}
        assert "m.relates_to" not in edit["content"]["m.new_content"]
    assert len(ann.answers(room, question)) == 1 and len(ann.find(room, lambda event: replaced(event) == answer)) == 2


def test_takes_its_answer_back_when_the_question_is_redacted(scene, room):
    ann, _, bot = scene
    question = ann.mention(room, bot.user, QUESTION)
    answer = ann.wait_answer(room, question)["event_id"]
    ann.redact(room, question)
    taken = ann.wait(room, lambda event: redacted(event) == answer, "the answer is redacted")[0]
    assert taken["sender"] == bot.user.id


# ---- commands ----

def test_reloads_the_facts_for_an_admin_only(people, new_bot, own_base):
    ann, bob, qantar = people("ann", "bob", "qantar")
    bot = new_bot(qantar, QANTAR_KNOWLEDGE=str(own_base), QANTAR_ADMINS=ann.id).start()
    room = ann.create_room(bob, qantar)
    bob.join(room)
    ann.wait_member(room, qantar)
    assert "admin" in bob.wait_answer(room, bob.say(room, "!admin reload"))["content"]["body"].lower()

    facts = own_base / "facts" / "flood.json"
    good = facts.read_text()
    facts.write_text(good.replace('"id": "evacuated",', '"id": "evacuated",,'))
    body = ann.wait_answer(room, ann.say(room, "!admin reload"), seconds=90)["content"]["body"]
    assert "flood.json:" in body
    assert ANSWER in ask(ann, room, bot)["content"]["body"]  # the old facts go on serving

    facts.write_text(good.replace("April 11, 2031", "April 12, 2031"))
    question = ann.say(room, "!admin reload")
    body = ann.wait_answer(room, question, seconds=90)["content"]["body"]
    assert "dam-broke" in body
    assert "April 12, 2031" in ask(ann, room, bot)["content"]["body"]

    asked = ann.mention(room, qantar, QUESTION)
    answer = ann.wait_answer(room, asked)["event_id"]
    ann.edit(room, asked, "!admin status")  # an edit never runs a command
    ask(ann, room, bot)
    assert not ann.find(room, lambda event: replaced(event) == answer)


def test_takes_commands_by_power_level_where_it_is_set(people, new_bot):
    ann, bob, qantar = people("ann", "bob", "qantar")
    new_bot(qantar, QANTAR_ADMIN_POWER_LEVEL="100").start()
    room = ann.create_room(bob, qantar)
    bob.join(room)
    ann.wait_member(room, qantar)
    assert "facts" in ann.wait_answer(room, ann.say(room, "!admin version"))["content"]["body"]
    assert "facts" not in bob.wait_answer(room, bob.say(room, "!admin version"))["content"]["body"]


# ---- other bots ----

def test_two_bots_do_not_talk_for_ever(people, new_bot):
    ann, first, second = people("ann", "one", "two")
    settings = {"QANTAR_MATRIX_MESSAGE_TYPE": "m.text", "QANTAR_LIMIT_PERSON_BURST": "3", "QANTAR_LIMIT_PERSON_PER_MINUTE": "1"}
    new_bot(first, **settings).start()
    new_bot(second, **settings).start()
    room = ann.create_room(first, second)
    ann.wait_member(room, first)
    ann.wait_member(room, second)
    first.mention(room, second, QUESTION)  # the one account writes, the other answers and mentions it, and so on
    talk = lambda: [event for event in ann.find(room, answered) if event["sender"] in (first.id, second.id)]
    until(lambda: ann.sync(100) or talk(), "they talk")
    quiet = 0
    while quiet < 8:
        before = len(talk())
        ann.sync(250)
        quiet = quiet + 1 if len(talk()) == before else 0
        assert len(talk()) < 20, "they talk for ever"


def test_notices_end_the_talk_of_two_bots_at_once(people, new_bot):
    ann, first, second = people("ann", "one", "two")
    new_bot(first).start()
    new_bot(second).start()
    room = ann.create_room(first, second)
    ann.wait_member(room, first)
    ann.wait_member(room, second)
    answer = ann.wait_answer(room, first.mention(room, second, QUESTION))["event_id"]
    marker = ann.mention(room, first, QUESTION)
    ann.wait_answer(room, marker)
    assert ann.answers(room, answer) == []


# ---- settings that cannot be right ----

@pytest.mark.parametrize("settings, words", [
    ({"QANTAR_MATRIX_ACCESS_TOKEN": "wrong"}, "access token"),
    ({"QANTAR_MATRIX_ACCESS_TOKEN": "", "QANTAR_MATRIX_PASSWORD": "wrong"}, "password"),
    ({"QANTAR_MATRIX_USER": f"@somebody-else:{NAME}"}, "another user"),
])
def test_ends_with_a_reason_when_it_cannot_log_in(people, new_bot, settings, words):
    [qantar] = people("qantar")
    bot = new_bot(qantar, **settings)
    bot.run()
    lines = bot.lines
    assert bot.wait_end() == 3
    assert words in lines[-1], lines[-1]


def test_discovery_does_not_lead_into_private_networks(people, new_bot, homeserver):
    [qantar] = people("qantar")
    bot = new_bot(qantar, QANTAR_MATRIX_HOMESERVER="", QANTAR_MATRIX_USER=f"@qantar:127.0.0.1:{homeserver.port}")
    bot.run()
    bot.wait_log("module=matrix", "to=waiting", "not a public one")
