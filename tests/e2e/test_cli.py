"""The command line as a contract: qantar ask, --batch, explain, train, exit codes, what goes where."""

import json
import os
import subprocess

import pytest

from cli import SECONDS, Terminal, vague_question

KEYS = ["id", "kind", "answered", "facts", "answer", "lang", "confidence", "as_of", "claimant", "sources", "candidates",
        "related"]
KINDS = ("fact", "facts", "unsure", "known_unknown", "unknown", "smalltalk", "safety")
CAP = 4096


def objects(done):
    return [json.loads(line) for line in done.stdout.decode("utf-8").split("\n") if line]


def batch(program, *lines, words=()):
    """Runs the batch over objects or raw lines; returns (exit status, objects)."""
    data = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    done = program.run("ask", "--batch", *words, stdin=data)
    return done.returncode, objects(done)


def check_object(got):
    """What holds for every answer, whatever was asked."""
    assert list(got) == KEYS
    assert got["kind"] in KINDS
    assert got["answered"] is (got["kind"] in ("fact", "facts"))
    assert got["answer"].strip() and got["lang"] in ("en", "ru", "kk")
    assert 0 <= got["confidence"] <= 1
    assert all(isinstance(got[key], list) for key in ("facts", "sources", "candidates", "related"))
    assert all(set(source) == {"id", "paragraph"} for source in got["sources"])
    assert len(got["related"]) <= 3 and len(got["candidates"]) <= 3
    if got["answered"]:
        assert got["facts"] and got["sources"] and got["as_of"] and got["confidence"] > 0
    else:
        assert got["confidence"] == 0
    if got["kind"] in ("unsure", "unknown", "smalltalk", "safety"):
        assert got["facts"] == [] and got["as_of"] is None and got["sources"] == []
    if got["kind"] == "known_unknown":
        assert len(got["facts"]) == 1
    if got["kind"] == "unsure":
        assert got["candidates"]


# ---- the batch ----

def test_batch_answers_every_kind_with_every_key(program):
    asked = {
        "fact": "When did the Thursday report say the Russian troops came?",
        "how": "How many soldiers did Russia send?",
        "known": "What is the exact number of protesters who were arrested in Shymkent?",
        "far": "How long do I boil an egg?",
        "hello": "hello",
        "danger": "they are shooting outside my house and we are trapped",
        "ru": "Сколько солдат прислала Россия?",
        "kk": "Ресей қанша сарбаз жіберді?",
        "vague": "number",
    }
    status, answers = batch(program, *({"id": name, "q": text} for name, text in asked.items()))
    assert status == 0
    assert [answer["id"] for answer in answers] == list(asked)
    for answer in answers:
        check_object(answer)
    told = {answer["id"]: answer for answer in answers}
    assert told["how"]["kind"] in ("fact", "facts") and "3,000" in told["how"]["answer"]
    assert told["ru"]["lang"] == "ru" and told["ru"]["answered"]
    assert told["kk"]["lang"] == "kk" and told["kk"]["answered"]
    assert told["far"]["kind"] == "unknown" and not told["far"]["answered"]
    assert told["hello"]["kind"] == "smalltalk"
    assert told["danger"]["kind"] == "safety"


def test_batch_known_unknown_names_the_fact_and_is_not_answered(small):
    status, (answer,) = batch(small, {"id": "a", "q": "Why did the dam break?"})
    check_object(answer)
    assert status == 0
    assert (answer["kind"], answer["answered"], answer["facts"]) == ("known_unknown", False, ["cause-unknown"])


def test_batch_several_facts_carry_the_latest_day(small):
    _, (answer,) = batch(small, {"id": "a", "q": "How many people were evacuated?"})
    check_object(answer)
    assert answer["kind"] == "facts"
    assert set(answer["facts"]) == {"evacuated", "evacuated-office"}
    assert answer["as_of"] == "2031-04-13"


def test_batch_body_has_no_source_line_and_no_related_questions(small):
    _, (answer,) = batch(small, {"id": "a", "q": "When did the dam break?"})
    assert answer["facts"] == ["dam-broke"] and answer["sources"] == [{"id": "ordale-herald", "paragraph": 1}]
    assert "Ordale Herald" not in answer["answer"] and "paragraph" not in answer["answer"]
    assert answer["related"] and "evacuated" not in answer["answer"]


def test_batch_unsure_offers_candidates_that_a_number_picks(program):
    text, candidates = vague_question(program)
    status, (unsure, *picked) = batch(program, {"id": "0", "q": text},
                                      *({"id": pick, "q": pick, "turns": [text]} for pick in ("1", "2")))
    assert status == 0
    check_object(unsure)
    assert (unsure["kind"], unsure["candidates"]) == ("unsure", candidates)
    for number, got in enumerate(picked):
        check_object(got)
        assert candidates[number] in got["facts"]


def test_batch_turns_are_replayed_and_lines_are_independent(small):
    status, (first, with_turns, without) = batch(small, {"id": "a", "q": "How many people were evacuated?"},
                                                 {"id": "b", "q": "source?", "turns": ["When did the dam break?"]},
                                                 {"id": "c", "q": "source?"})
    assert status == 0
    assert "evacuated" in first["facts"]
    assert with_turns["facts"] == ["dam-broke"] and "Ordale Herald" in with_turns["answer"]
    assert without["facts"] == [], "a line must know nothing of the lines before it"


def test_batch_language_of_a_line_beats_the_option(small):
    status, answers = batch(small, {"id": "a", "q": "When did the dam break?"},
                            {"id": "b", "q": "When did the dam break?", "lang": "kk"},
                            {"id": "c", "q": "When did the dam break?", "lang": None}, words=("--lang", "ru"))
    assert status == 0
    assert [answer["lang"] for answer in answers] == ["ru", "kk", "ru"]
    assert "Плотину" in answers[0]["answer"] and "бөгет" in answers[1]["answer"]


def test_batch_answers_in_the_language_of_the_question(small):
    _, answers = batch(small, {"id": "a", "q": "Когда прорвало плотину?"}, {"id": "b", "q": "Бөгет қашан бұзылды?"})
    assert [(answer["lang"], answer["facts"]) for answer in answers] == [("ru", ["dam-broke"]), ("kk", ["dam-broke"])]


BAD_LINES = {
    "not JSON": (b"when did the dam break", None),
    "cut off": (b'{"id":"x","q":"dam', None),
    "trailing bytes": (b'{"id":"x","q":"dam"}x', None),
    "a list": (b'["x","dam"]', None),
    "a text": (b'"dam"', None),
    "empty": (b"", None),
    "no id": (b'{"q":"dam"}', None),
    "a number for an id": (b'{"id":7,"q":"dam"}', None),
    "no question": (b'{"id":"x"}', "x"),
    "a number for a question": (b'{"id":"x","q":7}', "x"),
    "keys in capitals": (b'{"ID":"x","Q":"dam"}', None),
    "not UTF-8": (b'{"id":"x","q":"dam \xff"}', None),
    "a raw NUL": (b'{"id":"x","q":"d\0m"}', None),
    "over the cap": (json.dumps({"id": "x", "q": "a" * (CAP + 1)}).encode(), "x"),
    "far over the cap": (json.dumps({"id": "x", "q": "dam " * 400000}).encode(), None),
    "deep": (b'{"id":"x","q":"dam","turns":' + b"[" * 5000 + b"]" * 5000 + b"}", None),
    "an unknown language": (b'{"id":"x","q":"dam","lang":"de"}', "x"),
    "turns that are no list": (b'{"id":"x","q":"dam","turns":"water"}', "x"),
    "a turn that is no text": (b'{"id":"x","q":"dam","turns":[1]}', "x"),
    "a turn over the cap": (json.dumps({"id": "x", "q": "dam", "turns": ["a" * (CAP + 1)]}).encode(), "x"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_batch_refuses_a_bad_line_and_goes_on(small, name):
    line, identity = BAD_LINES[name]
    good = {"id": "good", "q": "When did the dam break?"}
    status, answers = batch(small, good, line, good)
    assert status == 1
    assert len(answers) == 3
    assert answers[0] == answers[2] and answers[0]["facts"] == ["dam-broke"]
    assert set(answers[1]) == {"id", "error"}
    assert answers[1]["error"].strip()
    assert answers[1]["id"] == identity


def test_batch_takes_what_is_harmless(small):
    odd = 'quote " \u2028 \\ \t'
    lines = [{"id": "", "q": "dam " * (CAP // 4)}, b'{"id":"b","q":"When did the dam break?"}\r', {"id": "c", "q": ""},
             {"id": "d", "q": "\U0001f600" * 5}, {"id": "e", "q": "dam", "turns": [], "unknown key": 1}, {"id": odd, "q": "dam"}]
    status, answers = batch(small, *lines)
    assert status == 0
    assert [answer["id"] for answer in answers] == ["", "b", "c", "d", "e", odd]
    for answer in answers:
        check_object(answer)
    assert answers[2]["kind"] == answers[3]["kind"] == "unknown"


def test_batch_takes_odd_json_that_is_json(small):
    status, answers = batch(small, b'{"id":"a","q":"dam","q":"dam"}', b'{"id":"b","q":"When did the \\ud800 dam break?"}',
                            b'{"id":"c","q":"When did the\\u0000dam break?"}')
    assert status == 0
    for answer in answers:
        check_object(answer)
        assert answer["facts"] == ["dam-broke"]


def test_batch_last_line_needs_no_newline_and_no_lines_are_no_fault(small):
    done = small.run("ask", "--batch", stdin='{"id":"a","q":"When did the dam break?"}')
    assert done.returncode == 0 and objects(done)[0]["facts"] == ["dam-broke"]
    done = small.run("ask", "--batch", stdin="")
    assert (done.returncode, done.stdout) == (0, b"")


def test_batch_flushes_every_line(small):
    process = small.start("ask", "--batch")
    try:
        for number in range(3):
            process.stdin.write(json.dumps({"id": str(number), "q": "When did the dam break?"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
    finally:
        process.stdin.close()
        assert process.wait(SECONDS) == 0
        process.stdout.close()
        process.stderr.close()


# ---- one question ----

def test_ask_prints_answer_source_and_day_on_stdout_only(small):
    done = small.run("ask", "When did the dam break?")
    text = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "April 11, 2031" in text and "Ordale Herald" in text
    assert "2031-04-12" in text or "April 12, 2031" in text
    assert "\033" not in text


def test_ask_joins_words_and_json_is_the_batch_object(small):
    done = small.run("ask", "--json", "When", "did", "the", "dam", "break?")
    (answer,) = objects(done)
    check_object(answer)
    assert done.returncode == 0 and answer["facts"] == ["dam-broke"]


def test_ask_speaks_the_language_it_is_told(small):
    done = small.run("ask", "--lang", "ru", "When did the dam break?")
    assert done.returncode == 0 and "Плотину" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("question", ["", " ", "\U0001f600\U0001f600", "?!...", "a" * CAP, "\u200b", "e" + "\u0301" * 999])
def test_ask_has_an_answer_to_odd_questions(small, question):
    done = small.run("ask", question)
    assert done.returncode == 0 and done.stdout.strip() and done.stderr == b""


def test_ask_does_not_say_yes_to_the_opposite_of_the_only_yes_no_question(small, small_base):
    small_base.replace("facts/flood.json", ', "did the dam hold"', "")
    small_base.replace("facts/flood.json", '      "denies": {"en": ["Is the dam still standing?"]},\n', "")
    assert small.run("ask", "did the dam break").stdout.startswith(b"Yes. ")
    for question in ("Did the dam hold?", "did the dam survive"):
        answer = small.run("ask", question).stdout
        assert answer.startswith(b"The dam above Ordale broke on April 11"), answer
    answer = small.run("ask", "Is the dam still standing?").stdout  # "dam" is all that the base knows of it
    assert b"Yes" not in answer and b"When did the dam break?" in answer, answer


def test_a_base_of_six_facts_knows_what_it_does_not_know(small):
    for question in ("what is the weather in paris", "what time does the shop open", "кто выиграл матч",
                     "is it safe to go home", "how much does a car cost", "who is the president of the town"):
        assert json.loads(small.run("ask", "--json", question).stdout)["kind"] == "unknown", question
    for question in ("how high is the water now", "when was it that the dam broke", "how many people fled from the town"):
        assert json.loads(small.run("ask", "--json", question).stdout)["answered"], question


def test_ask_says_so_when_a_question_takes_something_false_for_granted(small, small_base):
    small_base.replace("facts/flood.json", '      "affirms": {"en": ["Did the dam break?"]',
                       '      "corrects": {"en": ["Why did the dam hold so well?", "how come the dam never broke"]},\n'
                       '      "affirms": {"en": ["Did the dam break?"]')
    assert small.run("ask", "why did the dam hold").stdout.startswith(b"The sources say otherwise. The dam above Ordale")
    assert small.run("ask", "When did the dam break?").stdout.startswith(b"The dam above Ordale")


@pytest.mark.parametrize("question", [b"a" * 65536, b"dam \xff\xfe", b"\xed\xa0\x80"])
def test_ask_refuses_what_cannot_be_a_question(small, question):
    done = small.run("ask", question)
    assert done.returncode in (0, 2)
    assert (done.stdout + done.stderr).strip()
    assert b"Sanitizer" not in done.stderr


@pytest.mark.parametrize("words", [
    (), ("nonsense",), ("ask",), ("ask", "--nonsense", "dam"), ("ask", "--lang", "de", "dam"), ("ask", "--lang"),
    ("ask", "--batch", "dam"), ("explain",), ("check", "a", "b"), ("check", "--nonsense"), ("train", "a", "b"),
    ("eval",), ("run", "--nonsense"), ("run", "surplus"), ("chat", "--nonsense"), ("healthcheck", "--nonsense"),
])
def test_wrong_use_exits_2_and_says_so_on_stderr(small, words):
    done = small.run(*words)
    assert done.returncode == 2
    assert done.stdout == b"" and done.stderr.strip()


@pytest.mark.parametrize("words", [("ask",), ("chat",), ("explain",), ("check",), ("train",), ("eval",), ("run",),
                                   ("healthcheck",), ()])
def test_help_goes_to_stdout_and_names_the_use(small, words):
    done = small.run(*words, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"qantar" in done.stdout and b"Usage" in done.stdout


def test_version_tells_program_base_day_and_hash(small):
    done = small.run("--version")
    text = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert text.startswith("qantar ") and "2031-04-13" in text
    again = small.run("--version")
    assert again.stdout == done.stdout


def test_version_of_another_base_is_another(small, small_base):
    before = small.run("--version").stdout
    small_base.replace("facts/flood.json", "shortly before dawn", "at dawn")
    assert small.run("--version").stdout != before


@pytest.mark.parametrize("words", [("ask", "dam"), ("ask", "--batch"), ("explain", "dam"), ("train",), ("--version",), ("chat",)])
def test_broken_base_exits_3_and_names_the_place(small, small_base, words):
    small_base.replace("facts/flood.json", '"unknown": true', '"unknown": tru')
    line, _ = small_base.place("facts/flood.json", "tru,")
    done = small.run(*words, stdin='{"id":"a","q":"dam"}\n')
    assert done.returncode == 3
    assert done.stdout == b"" or words == ("--version",)
    assert f"facts/flood.json:{line}:" in done.stderr.decode("utf-8")


@pytest.mark.parametrize("words", [("ask", "dam"), ("train",), ("check",), ("explain", "dam")])
def test_absent_base_exits_3(small, words):
    done = small.run(*words, "--knowledge", "/nonexistent")
    assert done.returncode == 3
    assert b"/nonexistent" in done.stderr


def test_option_for_the_base_beats_the_environment(small, root):
    done = small.run("ask", "--json", "--knowledge", str(root / "knowledge"), "How many soldiers did Russia send?")
    assert objects(done)[0]["sources"][0]["id"] == "globe-2022-01-06"


def test_ask_fails_when_its_answer_cannot_be_written(small):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([small.path, "ask", "When did the dam break?"], env=small.env, stdout=full, check=False,
                              stderr=subprocess.PIPE, timeout=SECONDS)
    assert done.returncode != 0


# ---- colour ----

@pytest.mark.parametrize("env, coloured", [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_only_on_a_terminal_that_wants_it(small, env, coloured):
    terminal = Terminal(small, "ask", "When did the dam break?", env=env)
    assert terminal.finish() == 0
    assert "April 11, 2031" in terminal.seen
    assert ("\033[" in terminal.seen) is coloured


# ---- explain, train, eval ----

def test_explain_shows_the_path_from_words_to_answer(small):
    done = small.run("explain", "When did teh dam brake?")
    text = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "dam-broke" in text and "dam" in text
    (told,) = objects(small.run("explain", "--json", "When did the dam break?"))
    assert isinstance(told, dict) and "dam-broke" in json.dumps(told)


def model_files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def test_train_writes_the_model_that_ask_then_uses(small, tmp_path):
    small.env["QANTAR_CACHE_DIR"] = str(tmp_path / "models")
    assert small.run("train").returncode == 0
    (model,) = model_files(tmp_path / "models")
    before = model.stat()
    assert before.st_mode & 0o777 == 0o600
    done = small.run("ask", "--json", "When did the dam break?")
    assert done.returncode == 0 and objects(done)[0]["facts"] == ["dam-broke"]
    assert (model.stat().st_ino, model.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


DAMAGE = {
    "empty": lambda data: b"",
    "cut": lambda data: data[:len(data) // 2],
    "foreign": lambda data: b"\x7fELF" + data[4:],
    "flipped": lambda data: data[:100] + bytes(byte ^ 0xFF for byte in data[100:400]) + data[400:],
    "longer": lambda data: data + b"x" * 4096,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_ask_survives_a_damaged_model(small, tmp_path, damage):
    small.env["QANTAR_CACHE_DIR"] = str(tmp_path / "models")
    assert small.run("train").returncode == 0
    (model,) = model_files(tmp_path / "models")
    model.write_bytes(DAMAGE[damage](model.read_bytes()))
    done = small.run("ask", "--json", "When did the dam break?")
    assert done.returncode == 0 and objects(done)[0]["facts"] == ["dam-broke"]
    assert b"Sanitizer" not in done.stderr and b"runtime error" not in done.stderr


def test_ask_does_without_a_cache_it_cannot_write(small, tmp_path):
    (tmp_path / "file").write_text("no directory")
    small.env["QANTAR_CACHE_DIR"] = str(tmp_path / "file")
    done = small.run("ask", "--json", "When did the dam break?")
    assert done.returncode == 0 and objects(done)[0]["facts"] == ["dam-broke"]
    assert len(done.stderr.decode("utf-8").strip().splitlines()) <= 1, "one warning at the most"


def test_model_that_others_may_write_to_is_not_trusted(small, tmp_path):
    small.env["QANTAR_CACHE_DIR"] = str(tmp_path / "models")
    assert small.run("train").returncode == 0
    (model,) = model_files(tmp_path / "models")
    os.chmod(model, 0o666)
    before = model.stat().st_ino
    assert small.run("ask", "When did the dam break?").returncode == 0
    assert [path.stat().st_mode & 0o777 for path in model_files(tmp_path / "models")] == [0o600]
    assert model.stat().st_ino != before


def test_eval_counts_right_answers_and_silence(small, tmp_path):
    rows = [{"id": "1", "q": "When did the dam break?", "lang": "en", "style": "formal", "part": "report", "gold": "April 11",
             "expect": ["dam-broke"], "also_fine": []},
            {"id": "2", "q": "How long do I boil an egg?", "lang": "en", "style": "formal", "part": "report", "gold": "",
             "expect": [], "also_fine": []}]
    file = tmp_path / "people.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = small.run("eval", str(file))
    assert done.returncode == 0 and b"formal" in done.stdout
    assert small.run("eval", str(tmp_path / "absent.jsonl")).returncode != 0
