"""qantar chat in a terminal and in a pipe."""

import os
import re
import unicodedata

import pytest

from cli import Terminal, vague_question

QUESTION = "When did the dam break?"
ANSWER = "April 11, 2031"


def plain(text):
    """What a terminal shows, without colours and cursor movements."""
    return re.sub(r"\033\[[0-9;?]*[A-Za-z]|\033[=>]|\r", "", text)


def width(line):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1
               for letter in line)


@pytest.fixture
def talk(small):
    """Starts a chat; what it started ends with the test."""
    started = []

    def start(*words, **options):
        started.append(Terminal(small, "chat", *words, **options))
        return started[-1]

    yield start
    for terminal in started:
        if terminal.status is None:
            terminal.type("\x04")
            terminal.finish()


def test_chat_begins_with_the_day_the_base_reaches(talk):
    terminal = talk()
    terminal.wait_for("> ")
    assert "2031-04-13" in terminal.seen or "April 13, 2031" in terminal.seen


def test_chat_answers_with_source_and_day(talk):
    terminal = talk()
    terminal.wait_for("> ")
    terminal.type(QUESTION + "\n")
    at = terminal.wait_for(ANSWER)
    terminal.wait_for("Ordale Herald", at)
    terminal.wait_for("> ", at)


def test_chat_remembers_what_was_said(talk):
    terminal = talk()
    at = terminal.wait_for("> ")
    terminal.type(QUESTION + "\n")
    at = terminal.wait_for("> ", terminal.wait_for("Ordale Herald", at))
    terminal.type("source?\n")
    terminal.wait_for("Ordale Herald", at)


@pytest.mark.parametrize("ending", ["/quit\n", "\x04"])
def test_chat_ends_with_exit_0(talk, ending):
    terminal = talk()
    terminal.wait_for("> ")
    terminal.type(ending)
    assert terminal.finish() == 0


def test_chat_keeps_a_history_that_only_its_owner_reads(talk, small, tmp_path):
    small.env["XDG_STATE_HOME"] = str(tmp_path / "xdg")
    terminal = talk()
    terminal.wait_for("> ")
    terminal.type(QUESTION + "\n")
    terminal.wait_for("> ", terminal.wait_for("Ordale Herald"))
    terminal.type("/quit\n")
    assert terminal.finish() == 0
    history = tmp_path / "xdg" / "qantar" / "history"
    assert history.stat().st_mode & 0o777 == 0o600
    assert "dam" in history.read_text("utf-8")
    again = talk()
    again.wait_for("> ")
    again.type("\x1b[A\x1b[A\n")
    again.wait_for(ANSWER)


@pytest.mark.parametrize("columns", [40, 72])
def test_chat_wraps_to_the_terminal(talk, columns):
    terminal = talk(columns=columns)
    at = terminal.wait_for("> ")
    terminal.type("Когда прорвало плотину?\n")
    at = terminal.wait_for("Ordale", at)
    terminal.wait_for("> ", at)
    terminal.type("/quit\n")
    assert terminal.finish() == 0
    shown = plain(terminal.seen).split("\n")
    longest = max(shown, key=width)
    assert width(longest) <= columns, longest


def test_chat_has_no_colour_when_told_so(talk):
    terminal = talk(env={"NO_COLOR": "1"})
    at = terminal.wait_for("> ")
    terminal.type(QUESTION + "\n")
    at = terminal.wait_for("Ordale Herald", at)
    terminal.wait_for("> ", at)
    assert not re.search(r"\033\[[0-9;]*m", terminal.seen)


def test_chat_reads_lines_from_a_pipe(small):
    done = small.run("chat", stdin=f"{QUESTION}\n\nhello\n")
    text = done.stdout.decode("utf-8")
    assert done.returncode == 0
    assert ANSWER in text and "Ask me about the flood" in text
    assert "\033" not in text and "> " not in text


@pytest.mark.parametrize("line", [b"\xff\xfe dam", b"a" * 65536, "\U0001f600".encode(), b"dam\0broke", b"e" + "\u0301".encode() * 2000])
def test_chat_goes_on_after_any_line(small, line):
    done = small.run("chat", stdin=line + b"\n" + QUESTION.encode() + b"\n")
    assert done.returncode == 0
    assert ANSWER in done.stdout.decode("utf-8", errors="replace")
    assert b"Sanitizer" not in done.stderr


def test_chat_picks_a_candidate_by_its_number(program):
    vague, _ = vague_question(program)
    text = program.run("chat", stdin=f"{vague}\n1\n").stdout.decode("utf-8")
    offered = re.search(r"^ *1[.)] (.+)$", text, re.MULTILINE)
    assert offered and re.search(r"^ *2[.)] ", text, re.MULTILINE)
    assert "Source" in text[offered.end():]


def test_chat_never_prints_what_was_typed_as_control(small):
    done = small.run("chat", stdin="\033[31mdam\033[0m \x07 broke?\n")
    assert b"\033" not in done.stdout and b"\x07" not in done.stdout


def test_chat_needs_no_network_and_leaves_no_process(small, tmp_path):
    done = small.run("chat", stdin="hello\n", env={"http_proxy": "http://127.0.0.1:1"})
    assert done.returncode == 0
    assert not os.path.exists(tmp_path / "state" / "qantar.db")
