"""Which sandbox is in force, which interpreter, and which packages are to be seen in it."""

import os
import platform
import sys
from pathlib import Path

import pytest

from checker.stage import remembered
from checker.stage.pool import Pool
from checker.stage.remembered import Seen
from checker.stage.sandbox import Sandbox, SandboxError, refused
from checker.stage.taught import TAUGHT, Packages
from tests.checker.apps import ECHO, app_of
from tests.checker.walls import needs_walls


def test_only_what_is_taught_is_visible(pool: Pool) -> None:
    for name in ("redis", "requests", "sqlalchemy", "pytest", "checker", "webapp", "click"):
        found = name in {"click"}
        program = f"import importlib.util\nprint(importlib.util.find_spec({name!r}) is not None)"
        with app_of(pool, program) as app:
            app.load()
            assert app.output == f"{found}\n", name


def test_the_sandbox_in_force_is_told(pool: Pool) -> None:
    assert pool.sandbox == ("process" if refused() else "bubblewrap")
    with Pool.open("process") as without:
        assert without.sandbox == "process"


def test_a_sandbox_that_is_not_to_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sandbox", "pool"):
        monkeypatch.setattr(f"checker.stage.{module}.find_bwrap", lambda: None)
    assert refused() == "the program bwrap was not found."
    with Pool.open() as pool:
        assert pool.sandbox == "process"
    with pytest.raises(SandboxError, match="does not work here: the program bwrap was not found"):
        Pool.open("bubblewrap")


@needs_walls
def test_walls_that_do_not_stand_are_not_believed_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: no namespaces for you' >&2\nexit 1\n")
    refusing.chmod(0o755)
    for module in ("sandbox", "pool"):
        monkeypatch.setattr(f"checker.stage.{module}.find_bwrap", lambda: refusing)
    with Pool.open() as pool, app_of(pool, ECHO) as app:
        assert pool.sandbox == "process"
        assert app.connect().call("message", "x") == "thanks"
    with pytest.raises(SandboxError, match="does not work here: bwrap: no namespaces for you"):
        Pool.open("bubblewrap")


@needs_walls
def test_packages_that_are_remembered_where_they_are_not_are_looked_for_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    gone = Seen({"flask": "3.1"}, {"flask": str(tmp_path / "flask")})
    remembered.remember(TAUGHT, gone, remembered.state())
    assert Packages(TAUGHT).entries == {"flask": tmp_path / "flask"}
    with Pool.open("bubblewrap") as pool, app_of(pool, ECHO) as app:
        assert app.connect().call("message", "x") == "thanks"
    assert "flask_socketio" in Packages(TAUGHT).entries


def test_what_is_remembered_holds_until_something_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "path", [str(packages)])
    seen = Seen({"flask": "3.1"}, {"flask": "/flask"})
    assert remembered.recall(("flask",)) is None
    remembered.remember(("flask",), seen, remembered.state())
    assert remembered.recall(("flask",)) == seen
    assert remembered.recall(("gevent",)) is None
    os.utime(packages, ns=(1, 1))
    assert remembered.recall(("flask",)) is None


def test_what_is_installed_while_one_looks_is_not_taken_as_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It counted as known, so that an update seemed not to have happened until the next one."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    known = Packages(("flask",))

    def compiled_meanwhile(places: list[Path]) -> None:
        os.utime(packages, ns=(1, 1))  # as if something was installed

    monkeypatch.setattr("checker.stage.taught._compile", compiled_meanwhile)
    assert "flask" in known.entries
    assert remembered.recall(("flask",)) is None


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"of": 1}', "\xff"])
def test_a_damaged_memory_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    remembered.remember(("flask",), Seen({}, {}), remembered.state())
    (file,) = (tmp_path / "flask-socketio-course").iterdir()
    file.write_text(damage, "latin-1")
    assert remembered.recall(("flask",)) is None


def test_where_nothing_can_be_remembered_all_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "flask_socketio" in Packages(TAUGHT).entries


def test_a_user_without_a_home_remembers_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in a container that runs under a number that nobody has."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    packages = Packages(TAUGHT)
    assert "flask_socketio" in packages.entries
    packages.forget()
    assert remembered.recall(TAUGHT) is None
    assert [*tmp_path.iterdir()] == []


def test_another_interpreter_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="is not a Python that runs here"):
        Pool.open(Sandbox("process", python=tmp_path / "python"))


def test_a_learners_own_interpreter_runs_their_scripts() -> None:
    with (
        Pool.open(Sandbox("process", python=Path(sys.executable))) as own,
        app_of(own, "import sys; print(sys.executable)") as app,
    ):
        assert own.versions["python"] == platform.python_version()
        assert app.run_script().stdout == f"{sys.executable}\n"


def test_what_the_taught_packages_require_comes_along() -> None:
    found = Packages(TAUGHT)
    assert {"flask", "werkzeug", "python-socketio", "simple-websocket", "greenlet"} <= set(
        found.distributions
    )
    assert "requests" not in found.distributions
    assert found.entries["flask_socketio"].is_dir()
    assert set(found.versions()) == {
        *("flask", "flask-socketio", "python-socketio", "python-engineio", "werkzeug")
    }
