"""What every end-to-end test may use.

The program under test is $QANTAR_BINARY (tests/run sets it), else the newest debug build of tests/run.
$NODE_PATH leads to the node modules. Trained models are shared between tests by one cache directory,
so that only the first test of a run pays for training.
"""

import os
from pathlib import Path

import pytest

from cli import Base, Program

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("QANTAR_TEST_CACHE") or ROOT / "tests" / ".cache")


@pytest.fixture(scope="session")
def root():
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def qantar():
    """Path of the program under test."""
    binary = Path(os.environ.get("QANTAR_BINARY") or CACHE / "build" / "qantar")
    if not binary.is_file():
        pytest.fail(f"no program at {binary}: run tests/run, or set QANTAR_BINARY")
    return str(binary)


@pytest.fixture(scope="session")
def model_cache():
    """A cache directory that keeps trained models between tests and runs."""
    path = CACHE / "models"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(path)


@pytest.fixture
def clean_env(model_cache, tmp_path):
    """An environment without settings of the person who runs the tests; state goes to tmp_path."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("QANTAR_", "XDG_")) and name not in ("NO_COLOR", "STATE_DIRECTORY",
                                                                         "CACHE_DIRECTORY",
                                                                         "CREDENTIALS_DIRECTORY")}
    env.update(QANTAR_KNOWLEDGE=str(ROOT / "knowledge"), QANTAR_CACHE_DIR=model_cache,
               QANTAR_STATE_DIR=str(tmp_path / "state"), HOME=str(tmp_path), LC_ALL="C.UTF-8", TERM="dumb")
    return env


@pytest.fixture
def small_base(root, tmp_path):
    """A copy of the small base, to damage."""
    return Base(root, tmp_path / "base")


@pytest.fixture
def program(qantar, clean_env, root):
    """The program over the shipped base."""
    return Program(qantar, clean_env, root / "knowledge")


@pytest.fixture
def release(qantar, clean_env, root):
    """The release build over the shipped base, where there is one: for what takes minutes under sanitizers."""
    return Program(os.environ.get("QANTAR_RELEASE_BINARY") or qantar, clean_env, root / "knowledge")


@pytest.fixture
def small(qantar, clean_env, small_base):
    """The program over the copy of the small base."""
    return Program(qantar, clean_env, small_base.path)
