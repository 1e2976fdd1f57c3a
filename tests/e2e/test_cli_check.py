"""qantar check: every fault of a base is listed with its place and what to do."""

import json
import re

import pytest

FLOOD, LEXICON, SOURCES = "facts/flood.json", "lexicon.json", "sources.json"


def check(program, *words):
    """Runs check --json; returns (exit status, errors, warnings)."""
    done = program.run("check", "--json", *words)
    report = json.loads(done.stdout)
    assert list(report) == ["ok", "errors", "warnings"]
    assert report["ok"] is not bool(report["errors"])
    for problem in report["errors"] + report["warnings"]:
        assert list(problem) == ["kind", "file", "line", "column", "message"]
        assert problem["message"].strip() and problem["file"]
    assert b"Sanitizer" not in done.stderr and b"runtime error" not in done.stderr
    return done.returncode, report["errors"], report["warnings"]


# name: (file, old, new, kind, what marks the place in the new text, last occurrence?)
FAULTS = {
    "syntax": (FLOOD, '"unknown": true', '"unknown": tru', "syntax", "tru,", False),
    "comma missing": (FLOOD, '"as_of": "2031-04-13",\n      "sources": [{"id": "ordale-herald"}]',
                      '"as_of": "2031-04-13"\n      "sources": [{"id": "ordale-herald"}]', "syntax",
                      '"sources": [{"id": "ordale-herald"}]', False),
    "key twice": (FLOOD, '"unknown": true', '"unknown": true, "unknown": true', "syntax", None, False),
    "unknown key": (FLOOD, '"unknown": true', '"unknwon": true', "schema", None, False),
    "no answer": (FLOOD, '"answer": {"en": "The River Office counts 3,900 people who had to leave."},', "", "schema", None, False),
    "empty answer": (FLOOD, '"The River Office counts 3,900 people who had to leave."', '""', "schema", '""', False),
    "a number for a text": (FLOOD, '"The River Office counts 3,900 people who had to leave."', "3900", "schema", "3900}", False),
    "no such day": (FLOOD, '"as_of": "2031-04-13",\n      "sources": [{"id": "ordale-herald"}]',
                    '"as_of": "2031-02-30",\n      "sources": [{"id": "ordale-herald"}]', "schema", '"2031-02-30"', False),
    "unknown source": (FLOOD, '{"id": "river-office", "paragraph": 2}', '{"id": "nobody", "paragraph": 2}', "reference",
                       '"nobody"', False),
    "paragraph beyond": (FLOOD, '"paragraph": 2}', '"paragraph": 4}', "reference", "4}]", False),
    "unknown related fact": (FLOOD, '["evacuated", "cause-unknown"]', '["nothing", "cause-unknown"]', "reference",
                             '"nothing"', False),
    "unknown entity": (FLOOD, '["ordale", "brandt"]', '["ordale", "nobody"]', "reference", '"nobody"', False),
    "two facts with one id": (FLOOD, '"id": "evacuated-office"', '"id": "evacuated"', "conflict", '"evacuated",\n      "answer"',
                              True),
    "one question in two facts": (FLOOD, '"what does the gauge say"', '"when did the DAM break"', "conflict",
                                  '"when did the DAM break"', False),
    "a name of two things": (LEXICON, '"Lindmark"]', '"Lindmark", "Brandt"]', "conflict", '"Brandt"]', True),
    "not UTF-8": (LEXICON, "Lindmark", "Lind\udcffmark", "syntax", None, False),
    "a list for an object": (SOURCES, None, "[]", "schema", "[]", False),
    "deep": (FLOOD, None, "[" * 3000, "syntax", None, False),
    "a long text": (FLOOD, "The reports do not say why the dam broke.", "x" * 5000, None, None, False),
    "a very long text": (FLOOD, "The reports do not say why the dam broke.", "x" * (10 << 20), None, None, False),
    "empty file": (FLOOD, None, "", "syntax", None, False),
}


def damage(base, name):
    file, old, new, *_ = FAULTS[name]
    text = base.read(file)
    if old is None:
        text = new
    else:
        assert old in text
        text = text.replace(old, new, 1)
    base.write(file, text.encode("utf-8", errors="surrogateescape"))


def test_a_long_question_is_quoted_up_to_a_whole_letter(small, small_base):
    long = "о том, " + "что случилось, " * 12  # 120 bytes of it are quoted, and every letter takes two
    text = small_base.read(FLOOD)
    assert '"what does the gauge say"' in text
    small_base.write(FLOOD, text.replace('"what does the gauge say"', f'"{long}"', 1).encode())
    small_base.write("questions/unrelated.jsonl", json.dumps({"q": long}).encode() + b"\n")
    status, errors, _ = check(small)  # which decodes what is printed
    assert status == 1
    assert any("что случилось" in error["message"] for error in errors)


@pytest.mark.parametrize("name", FAULTS)
def test_check_finds_the_fault_and_its_place(small, small_base, name):
    file, _, _, kind, marker, last = FAULTS[name]
    damage(small_base, name)
    status, errors, _ = check(small)
    assert status == 1
    found = [error for error in errors if error["file"] == file and kind in (None, error["kind"])]
    assert found, f"no {kind} error in {file}: {errors}"
    if marker:
        places = [(error["line"], error["column"]) for error in found]
        assert small_base.place(file, marker, last) in places
    else:
        assert found[0]["line"] >= 1 and found[0]["column"] >= 1


def test_check_is_content_with_the_small_base(small):
    status, errors, _ = check(small)
    assert (status, errors) == (0, [])


def test_check_is_content_with_the_shipped_base_and_names_each_pair_of_rivals_once(release):
    status, errors, warnings = check(release)
    assert (status, errors) == (0, [])
    pattern = re.compile(r"(\d+) of the \d+ questions of (\S+) would be answered by (\S+): ")
    pairs = [match.groups() for warning in warnings if (match := pattern.search(warning["message"]))]
    assert pairs and all(int(count) > 1 for count, *_ in pairs)
    assert len({(fact, rival) for _, fact, rival in pairs}) == len(pairs)
    assert len(warnings) < 200, "more than are shown: some are left out"


def test_check_takes_a_mark_at_the_start_and_carriage_returns(small, small_base):
    text = small_base.read(FLOOD)
    small_base.write(FLOOD, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    status, errors, _ = check(small)
    assert (status, errors) == (0, [])


def test_check_lists_all_faults_of_all_files(small, small_base):
    for name in ("unknown source", "unknown related fact", "no such day", "a name of two things"):
        damage(small_base, name)
    status, errors, _ = check(small)
    assert status == 1
    assert {error["file"] for error in errors} == {FLOOD, LEXICON}
    assert len(errors) >= 4


def test_check_finds_a_circle_of_successors(small, small_base):
    small_base.replace(FLOOD, '"id": "water-level-before",', '"id": "water-level-before", "supersedes": ["water-level"],')
    status, errors, _ = check(small)
    assert status == 1
    assert any("water-level" in error["message"] and error["file"] == FLOOD for error in errors)


@pytest.mark.parametrize("name", [FLOOD, LEXICON, SOURCES])
def test_check_misses_an_absent_file(small, small_base, name):
    (small_base.path / name).unlink()
    done = small.run("check")
    assert done.returncode in (1, 3)
    assert name.split("/")[0] in (done.stdout + done.stderr).decode("utf-8")


def test_check_prints_file_line_column_for_people_and_editors(small, small_base):
    damage(small_base, "unknown source")
    line, column = small_base.place(FLOOD, '"nobody"')
    done = small.run("check")
    text = done.stdout.decode("utf-8")
    assert done.returncode == 1
    assert f"{FLOOD}:{line}:{column}: error: " in text
    assert "sources.json" in text, "it says what to do"
    assert "\033" not in text


def test_check_takes_the_directory_as_an_argument_or_option(small, small_base, tmp_path):
    damage(small_base, "unknown source")
    small.env["QANTAR_KNOWLEDGE"] = str(tmp_path / "elsewhere")
    assert small.run("check", str(small_base.path)).returncode == 1
    assert small.run("check", "--knowledge", str(small_base.path)).returncode == 1
    assert small.run("check").returncode == 3


def test_check_warns_of_a_missing_language_and_strict_makes_it_count(small, small_base):
    small_base.replace(FLOOD, '"ru": "В источниках не сказано, почему прорвало плотину."', '"kk": "Бөгет неге бұзылғаны айтылмаған."')
    status, errors, warnings = check(small)
    assert (status, errors) == (0, [])
    assert any(warning["kind"] == "language" for warning in warnings)
    assert check(small, "--strict")[0] == 1


def test_check_warns_of_nearly_the_same_question_in_two_facts(small, small_base):
    small_base.replace(FLOOD, '"what does the gauge say"', '"How many people were evacuated there?"')
    _, errors, warnings = check(small)
    lines = [small_base.place(FLOOD, f'"How many people were evacuated{rest}')[0] for rest in ('?"', ' there?"')]
    assert any(problem["line"] in lines and problem["kind"] in ("near-duplicate", "hijack", "conflict")
               for problem in warnings + errors)
