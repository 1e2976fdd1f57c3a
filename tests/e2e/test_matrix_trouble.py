"""Qantar on Matrix when things go wrong: restarts, kills, limits, outages, tokens that run out. Nothing twice, nothing lost."""

import signal
from concurrent.futures import ThreadPoolExecutor

from matrix_scene import *  # noqa: F403
from synapse import call, until
from test_matrix import ANSWER, OTHER, OTHER_ANSWER, QUESTION, ask


def counts(user, room, events):
    return [len(user.answers(room, event)) for event in events]


def test_restart_answers_what_was_asked_meanwhile_and_nothing_twice(scene, room):
    ann, bob, bot = scene
    before = [ann.mention(room, bot.user, QUESTION), bob.say(room, f"!ask {OTHER}")]
    for event in before:
        ann.wait_answer(room, event)
    assert bot.end() == 0
    direct = bob.direct_room(bot.user)
    meanwhile = [ann.mention(room, bot.user, QUESTION)]
    with ThreadPoolExecutor(8) as pool:  # more than a sync brings: the rest is a gap
        list(pool.map(lambda i: bob.say(room, f"chatter {i}"), range(80)))
    meanwhile.append(bob.say(room, f"!ask {OTHER}"))
    first = bob.say(direct, QUESTION)
    bot.start()
    for event in meanwhile:
        ann.wait_answer(room, event)
    bob.wait_answer(direct, first)
    assert bot.end() == 0
    bot.start()
    ask(ann, room, bot)  # what came before is dealt with by then
    bob.wait_answer(direct, bob.say(direct, OTHER))
    assert counts(ann, room, before + meanwhile) == [1, 1, 1, 1]
    assert counts(bob, direct, [first]) == [1]


def test_kill_in_mid_answer_loses_nothing_and_repeats_nothing(scene, room):
    ann, bob, bot = scene
    asked = []
    for _ in range(2):
        with ThreadPoolExecutor(8) as pool:
            new = list(pool.map(lambda i: (ann, bob)[i % 2].say(room, f"!ask {(QUESTION, OTHER)[i % 2]}"), range(12)))
        asked += new
        ann.wait(room, lambda event: any(ann.answers(room, one) for one in new), "a first answer", count=1)
        bot.end(signal.SIGKILL)
        bot.start()
    for event in asked:
        ann.wait_answer(room, event)
    ask(ann, room, bot)
    assert counts(ann, room, asked) == [1] * len(asked)


def test_password_logs_in_once_and_keeps_the_device(homeserver, people, new_bot):
    [ann] = people("ann")
    admin = homeserver.register("admin" + ann.id[1:ann.id.index(":")], admin=True)
    qantar = homeserver.register("qantar" + ann.id[1:ann.id.index(":")], logged_in=False)
    bot = new_bot(qantar, QANTAR_MATRIX_PASSWORD="pass").start()
    devices = lambda: [device["device_id"] for device in admin_call(admin, f"/v2/users/{qantar.id}/devices")["devices"]]
    room = ann.direct_room(qantar)
    ann.wait_answer(room, ann.say(room, QUESTION))
    before = devices()
    assert len(before) == 1
    bot.wait_log("module=matrix", "event=token_renewed")  # tokens live for four seconds here
    bot.end()
    bot.start()
    assert OTHER_ANSWER in ann.wait_answer(room, ann.say(room, OTHER))["content"]["body"]
    bot.wait_log("module=matrix", "event=token_renewed")
    assert ANSWER in ann.wait_answer(room, ann.say(room, QUESTION))["content"]["body"]
    assert devices() == before and not bot.logged("module=matrix", "to=waiting")


def admin_call(admin, path):
    return call(f"{admin.homeserver.url}/_synapse/admin{path}", token=admin.token)


def test_limits_of_the_homeserver_delay_answers_and_lose_none(limited_homeserver, new_bot):
    ann, bob, qantar = [limited_homeserver.register(name) for name in ("ann", "bob", "qantar")]
    bot = new_bot(qantar).start()
    rooms = {ann: ann.direct_room(qantar), bob: bob.direct_room(qantar)}
    for user, room in rooms.items():
        user.wait_member(room, qantar)
    asked = {user: [user.say(rooms[user], QUESTION) for _ in range(5)] for user in rooms}  # greetings too; Synapse lets 10 pass at once
    for user, events in asked.items():
        for event in events:
            user.wait_answer(rooms[user], event, seconds=90)
    assert bot.logged("module=matrix", "event=rate_limited")
    for user, events in asked.items():
        assert counts(user, rooms[user], events) == [1] * 5
        order = [event["content"]["m.relates_to"]["m.in_reply_to"]["event_id"]
                 for event in user.find(rooms[user], lambda event: event["sender"] == qantar.id and "m.relates_to" in event["content"])]
        assert order == events


def test_homeserver_that_goes_and_comes_back_is_found_again(homeserver, scene, room):
    ann, _, bot = scene
    ask(ann, room, bot)
    homeserver.stop()
    bot.wait_log("module=matrix", "to=waiting")
    homeserver.start()
    homeserver.wait_ready()
    question = ann.mention(room, bot.user, QUESTION)
    assert ANSWER in ann.wait_answer(room, question, seconds=60)["content"]["body"]
    assert bot.process.poll() is None
    until(lambda: len(bot.logged("module=matrix", "to=connected")) >= 2, "connected again")
