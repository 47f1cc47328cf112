"""Which sandbox is in force, which interpreter, and which packages are to be seen in it."""

import platform
import sys
from pathlib import Path

import pytest

from checker.stage.pool import Pool
from checker.stage.sandbox import Sandbox, SandboxError, choose, refused
from checker.stage.taught import TAUGHT, Packages
from tests.checker.apps import app_of


def test_only_what_is_taught_is_visible(pool: Pool) -> None:
    for name in ("redis", "requests", "sqlalchemy", "pytest", "checker", "webapp", "click"):
        found = name in {"click"}
        program = f"import importlib.util\nprint(importlib.util.find_spec({name!r}) is not None)"
        with app_of(pool, program) as app:
            app.load()
            assert app.output == f"{found}\n", name


def test_the_sandbox_in_force_is_told() -> None:
    assert choose("process").kind == "process"
    if refused() is None:
        assert choose().kind == "bubblewrap"


def test_a_sandbox_that_is_not_to_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.stage.sandbox.find_bwrap", lambda: None)
    assert refused() == "the program bwrap was not found."
    assert choose().kind == "process"
    with pytest.raises(SandboxError, match="does not work here: the program bwrap was not found"):
        choose("bubblewrap")


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
