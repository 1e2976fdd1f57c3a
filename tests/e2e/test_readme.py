"""What the READMEs say is so: their commands run and print what is shown, their links lead somewhere."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import CACHE

SECONDS = 600
ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [ROOT / "README.md", *ROOT.glob("*/README.md")])


def transcript(page):
    """(command, lines shown) of every ```console block; a line of dots stands for anything."""
    for block in re.findall(r"^```console\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown.splitlines()


def words(text):
    return " ".join(text.split())


def mirror(source, target):
    """Makes `target` the tree that a clone of `source` would be; what is the same stays untouched, as do builds in it."""
    skipped = re.compile(r"(^|/)(\.git|\.cache|build[^/]*|__pycache__)(/|$)")
    wanted = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    wanted = {name for name in wanted if not skipped.search(name)}
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        if path.is_file() and not skipped.search(name) and name not in wanted:
            path.unlink()
    for name in wanted:
        old, new = target / name, source / name
        if not old.is_file() or old.read_bytes() != new.read_bytes():
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(new, old)


@pytest.fixture(scope="module")
def checkout():
    """A checkout of its own for deploy/try, kept between runs so that only the first builds all of it."""
    copy = CACHE / "readme" / "qantar"
    mirror(ROOT, copy)
    return copy


def test_readme_commands_print_what_is_shown(checkout, clean_env):
    clean_env.pop("QANTAR_KNOWLEDGE")
    shown = [(page, *entry) for page in ("README.md",) for entry in transcript(page)]
    assert shown, "README.md has no transcript"
    for page, command, lines in shown:
        done = subprocess.run(["bash", "-c", command], cwd=checkout, env=clean_env, capture_output=True, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, check=False)
        told = words(done.stdout.decode("utf-8"))
        assert done.returncode == 0, f"{page}: {command}: {done.stderr.decode()}"
        assert done.stderr == b"", f"{page}: {command} is not quiet"
        at = 0
        for passage in re.split(r"^\.\.\.$", "\n".join(lines), flags=re.MULTILINE):
            assert words(passage) in told[at:], f"{page}: {command} printed {told!r}, not {words(passage)!r}"
            at = told.index(words(passage), at) + len(words(passage))


def test_try_starts_at_once_when_nothing_changed(checkout, clean_env):
    program = checkout / "build-release" / "qantar"
    first = subprocess.run(["deploy/try", "hello"], cwd=checkout, env=clean_env, capture_output=True, timeout=SECONDS,
                           check=False)
    built = program.stat().st_mtime_ns, (checkout / "build-release" / "try.log").stat().st_mtime_ns
    second = subprocess.run(["deploy/try", "hello"], cwd=checkout, env=clean_env, capture_output=True, timeout=SECONDS,
                            check=False)
    assert (first.returncode, second.returncode) == (0, 0)
    assert (program.stat().st_mtime_ns, (checkout / "build-release" / "try.log").stat().st_mtime_ns) == built
    assert first.stdout == second.stdout


def test_try_opens_the_chat_without_an_argument(checkout, clean_env):
    done = subprocess.run(["deploy/try"], cwd=checkout, env=clean_env, input=b"hello\n", capture_output=True,
                          timeout=SECONDS, check=False)
    assert done.returncode == 0 and "2022" in done.stdout.decode("utf-8")


def test_run_names_its_parts(checkout, clean_env):
    done = subprocess.run(["tests/run", "--help"], cwd=checkout, env=clean_env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    for part in ("unit", "e2e", "style", "bench", "valgrind", "fuzz"):
        assert part in done.stdout.decode()
    assert subprocess.run(["tests/run", "nonsense"], cwd=checkout, env=clean_env, capture_output=True, timeout=60,
                          check=False).returncode == 2


def test_install_deps_is_content_twice(checkout, clean_env):
    for option in ([], ["--tests"]):
        done = subprocess.run(["deploy/install-deps", *option], cwd=checkout, env=clean_env, capture_output=True,
                              timeout=SECONDS, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert subprocess.run(["deploy/install-deps", "--nonsense"], cwd=checkout, env=clean_env, capture_output=True, timeout=60,
                          check=False).returncode == 2


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (ROOT / page).parent.joinpath(target).exists(), f"{page} links to {target}"


def test_settings_named_in_the_readmes_are_settings(program):
    done = program.run("run", "--help-settings")
    assert done.returncode == 0
    known = set(re.findall(r"QANTAR_[A-Z_]+", done.stdout.decode("utf-8")))
    for page in PAGES:
        block = "".join(re.findall(r"```ini\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL))
        for name in re.findall(r"(QANTAR_[A-Z_]+)=", block):
            assert name in known or name.removesuffix("_FILE") in known, f"{page}: {name} is no setting"


def test_settings_example_is_what_the_program_prints(program, root):
    assert program.run("run", "--help-settings").stdout == (root / "deploy" / "qantar.conf.example").read_bytes()


def test_completion_knows_every_option(program, root):
    completion = (root / "deploy" / "completions" / "qantar.bash").read_text("utf-8")
    manual = (root / "deploy" / "man" / "qantar.1").read_text("utf-8").replace("\\-", "-")
    overview = program.run("--help").stdout.decode("utf-8")
    commands = re.findall(r"^  (\w+) {2,}", overview, re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        assert re.search(rf"\b{command}\)|\b{command} \|", completion) and command in manual
        for option in re.findall(r"--[a-z][a-z-]+", program.run(command, "--help").stdout.decode("utf-8")):
            assert option in completion and option in manual, f"{command} {option}"


def test_a_fact_is_added_as_the_readme_of_knowledge_says(release, root, tmp_path):
    base = tmp_path / "base"
    shutil.copytree(root / "knowledge", base, ignore=shutil.ignore_patterns("engine"))
    page = (root / "knowledge" / "README.md").read_text("utf-8")
    fact = json.loads(re.search(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1])
    question = re.search(r'`qantar ask "([^"]*)"`', page)[1]
    topic = base / "facts" / "protests.json"
    content = json.loads(topic.read_text("utf-8"))
    content["facts"].append(fact)
    topic.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    checked = release.run("check", str(base))
    assert checked.returncode == 0, checked.stdout
    answered = release.run("ask", "--json", "--knowledge", str(base), question)
    answer = json.loads(answered.stdout)
    assert answer["facts"] == [fact["id"]] and answer["answer"].startswith("No. ")
