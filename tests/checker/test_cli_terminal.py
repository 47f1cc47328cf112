"""The real program: on a terminal, off it, interrupted, and behind the real sandbox."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.checker.small_course import SOLUTION, SONG, write_course, write_project

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not to be had here", allow_module_level=True)

import pty

pytestmark = pytest.mark.long

COURSE = str(Path(sys.executable).with_name("course"))
WAIT = 60.0
"""Seconds until a terminal must have shown something; a busy machine may need many."""


class Terminal:
    """A program on a pseudo-terminal of 80 columns; collects what it shows."""

    def __init__(self, *command: str, cwd: Path, env: dict[str, str]) -> None:
        self.shown = ""
        self._from = 0
        self._main, there = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, "COLUMNS": "120"},
            stdin=there,
            stdout=there,
            stderr=there,
            start_new_session=True,
        )
        os.close(there)

    def wait_for(self, text: str) -> str:
        """Wait for text that was not waited for yet; return what was shown until then."""
        end = time.monotonic() + WAIT
        while text not in self.shown[self._from :]:
            assert time.monotonic() < end, f"no {text!r} in {self.shown!r}"
            if not self._read():
                assert text in self.shown[self._from :], f"it ended, showing {self.shown!r}"
        stop = self.shown.index(text, self._from) + len(text)
        seen, self._from = self.shown[self._from : stop], stop
        return seen

    def finish(self) -> int:
        """Read to the end and return the exit status."""
        while self._read():
            pass
        return self.process.wait(WAIT)

    def close(self) -> None:
        """Kill the program, if it still runs."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._main)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._main], [], [], 0.2)
        if not ready:
            return self.process.poll() is None
        try:
            data = os.read(self._main, 65536)
        except OSError:  # the other end is closed
            return False
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    root = write_course(tmp_path / "course")
    return {**os.environ, "COURSE_LESSONS": str(root), "TERM": "xterm-256color"}


@pytest.fixture
def mine(tmp_path: Path, env: dict[str, str]) -> Path:
    subprocess.run([COURSE, "start", "mine"], cwd=tmp_path, env=env, check=True)
    return tmp_path / "mine"


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def run(*arguments: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COURSE, *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_plain_output_has_no_escapes(mine: Path, env: dict[str, str]) -> None:
    done = run("check", cwd=mine, env=env)
    assert done.returncode == 1
    assert "\n  ✘ The app says hello.  0/1\n" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_a_terminal_gets_colour_and_what_is_going_on(
    mine: Path, env: dict[str, str], terminals: list[Terminal]
) -> None:
    terminals.append(terminal := Terminal(COURSE, "check", cwd=mine, env=env))
    assert terminal.finish() == 1
    assert "\x1b[2K\x1b[2m  … The app says hello." in terminal.shown
    assert "\x1b[31m✘\x1b[0m" in terminal.shown
    assert "\n\nRead task 1, Say hello: " in terminal.shown


def test_no_color_is_honoured(mine: Path, env: dict[str, str], terminals: list[Terminal]) -> None:
    quiet = {**env, "NO_COLOR": "1"}
    terminals.append(terminal := Terminal(COURSE, "check", cwd=mine, env=quiet))
    assert terminal.finish() == 1
    assert "✘ The app says hello." in terminal.shown
    assert "\x1b" not in terminal.shown


def test_an_ascii_terminal_gets_letters(mine: Path, env: dict[str, str]) -> None:
    done = run("check", cwd=mine, env={**env, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "  no The app says hello.  0/1\n" in done.stdout


def test_json_on_standard_output_can_be_piped(mine: Path, env: dict[str, str]) -> None:
    report = json.loads(run("check", "--json", "-", cwd=mine, env=env).stdout)
    assert report["sandbox"] in ("bubblewrap", "process")
    assert report["versions"]["flask"]


def test_a_reader_that_leaves_early_is_no_traceback(mine: Path, env: dict[str, str]) -> None:
    command = f"{COURSE} check --json - | head -c 1"
    done = subprocess.run(command, shell=True, cwd=mine, env=env, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_hints_and_solutions_are_laid_out_on_a_terminal(
    mine: Path, env: dict[str, str], terminals: list[Terminal]
) -> None:
    for arguments in (["hint", "1", "--number", "2"], ["solution", "1", "--yes"], ["diff", "1"]):
        terminals.append(terminal := Terminal(COURSE, *arguments, cwd=mine, env=env))
        assert terminal.finish() == 0
    hint, solution, diff = (terminal.shown for terminal in terminals)
    assert "*hello*" not in hint
    assert "\x1b[3mhello\x1b[0m" in hint
    assert re.search(r"\x1b\[[\d;]*mprint", solution)
    assert re.search(r"yours +solution", re.sub(r"\x1b\[[\d;]*m", "", diff))


def test_watch_checks_on_each_save_until_ctrl_c(
    mine: Path, env: dict[str, str], terminals: list[Terminal]
) -> None:
    app = mine / "01-greet" / "app.py"
    terminals.append(terminal := Terminal(COURSE, "watch", cwd=mine, env=env))
    terminal.wait_for("Press Ctrl-C to stop.")
    app.write_bytes(SOLUTION)
    assert "app.py changed" in terminal.wait_for("Lesson 1 is done.")
    terminal.wait_for("Press Ctrl-C to stop.")
    app.unlink()
    terminal.wait_for("app.py was not found")
    terminal.wait_for("Press Ctrl-C to stop.")
    other = app.with_name("app.py.new")  # as many editors save
    other.write_bytes(SOLUTION)
    other.replace(app)
    terminal.wait_for("Lesson 1 is done.")
    terminal.wait_for("Press Ctrl-C to stop.")
    (mine / "02-part" / "app.py").write_bytes(SOLUTION)
    terminal.wait_for("Lesson 2 is done.")
    os.killpg(terminal.process.pid, signal.SIGINT)
    terminal.wait_for("Stopped.")
    assert terminal.finish() == 0
    assert "Traceback" not in terminal.shown


def test_watch_follows_the_project_from_stage_to_stage(
    mine: Path, env: dict[str, str], terminals: list[Terminal]
) -> None:
    write_project(Path(env["COURSE_LESSONS"]))
    run("start", cwd=mine, env=env)
    app = mine / "project" / "app.py"
    terminals.append(terminal := Terminal(COURSE, "watch", cwd=app.parent, env=env))
    terminal.wait_for("Stage 1 of the project: Hum")
    terminal.wait_for("Press Ctrl-C to stop.")
    app.write_bytes(SOLUTION)
    terminal.wait_for("Stage 1 of the project is done.")
    terminal.wait_for("Press Ctrl-C to stop.")
    app.write_bytes(SONG)
    terminal.wait_for("Stage 2 of the project is done.")
    terminal.wait_for("Press Ctrl-C to stop.")
    (mine / "01-greet" / "app.py").write_bytes(SOLUTION)
    terminal.wait_for("Lesson 1 is done.")


def test_watch_waits_for_a_folder_that_is_gone(
    mine: Path, env: dict[str, str], terminals: list[Terminal]
) -> None:
    folder = mine / "01-greet"
    terminals.append(terminal := Terminal(COURSE, "watch", "1", cwd=mine, env=env))
    terminal.wait_for("Press Ctrl-C to stop.")
    folder.rename(mine / "moved")
    terminal.wait_for("is not there")
    terminal.wait_for("Press Ctrl-C to stop.")
    (mine / "moved" / "app.py").write_bytes(SOLUTION)
    (mine / "moved").rename(folder)
    terminal.wait_for("Lesson 1 is done.")


def test_ctrl_c_while_checking_is_one_word(
    mine: Path, env: dict[str, str], terminals: list[Terminal]
) -> None:
    checks = Path(env["COURSE_LESSONS"]) / "01-greet" / "checks.py"
    checks.write_text(checks.read_text().replace('text = app.files["app.py"].decode()', "_sleep()"))
    checks.write_text(
        "from time import sleep\n\ndef _sleep():\n    sleep(60)\n" + checks.read_text()
    )
    terminals.append(terminal := Terminal(COURSE, "check", cwd=mine, env=env))
    terminal.wait_for("… The app says hello.")
    pressed = time.monotonic()
    os.killpg(terminal.process.pid, signal.SIGINT)
    assert terminal.finish() == 130
    assert time.monotonic() < pressed + 20, "it does not wait for what the check waits for"
    assert "Stopped." in terminal.shown
    assert "Traceback" not in terminal.shown


def test_grade_tells_what_became_of_a_class(tmp_path: Path, env: dict[str, str]) -> None:
    for learner, source in {"ada": SOLUTION, "bob": b"# nothing\n"}.items():
        (tmp_path / "class" / learner / "01-greet").mkdir(parents=True)
        (tmp_path / "class" / learner / "01-greet" / "app.py").write_bytes(source)
    with zipfile.ZipFile(tmp_path / "class" / "eve.zip", "w") as archive:
        archive.writestr("01-greet/app.py", SOLUTION)
    arguments = ["grade", "class", "--out", "results", "--allow-unsafe"]
    done = run(*arguments, "--json", "copy.json", cwd=tmp_path, env=env)
    assert done.returncode == 1, done.stderr
    assert done.stdout == (
        "3 learners, 3 submissions.\n"
        "  01-greet: 2 passed, 1 did not\n"
        "Gradebook, report and pages are in results; begin with index.html.\n"
    )
    assert "3/3 " in done.stderr
    report = json.loads((tmp_path / "copy.json").read_text())
    assert {item["learner"] for item in report["submissions"]} == {"ada", "bob", "eve"}
    again = run(*arguments, cwd=tmp_path, env=env)
    assert again.stdout.startswith("3 learners, 3 submissions, 3 of them from an earlier run.\n")


def test_grade_of_nothing_is_one_sentence(tmp_path: Path, env: dict[str, str]) -> None:
    done = run("grade", "gone", "--out", "results", cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert done.stderr == (
        "Error: gone is not a folder; name the one that holds the submissions.\n"
    )


def test_audit_names_broken_promises(tmp_path: Path, env: dict[str, str]) -> None:
    done = run("audit", "1", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "01-greet/mistakes: There are 0 mistakes; at least 8 are needed.\n" in done.stdout
    assert re.search(r"\n\d+ promises are broken \(1 lesson, \d+\.\d s\)\.\n$", done.stdout)


def test_a_learners_own_interpreter_is_for_lesson_1(mine: Path, env: dict[str, str]) -> None:
    done = run("check", "2", "--python", sys.executable, cwd=mine, env=env)
    assert done.stderr == ("Error: --python is for lesson 1, which checks an installation.\n")
    done = run("check", "1", "--python", "01-greet/app.py", cwd=mine, env=env)
    assert done.returncode == 2
    assert done.stderr == (
        "Error: 01-greet/app.py is not a Python program; name one such as .venv/bin/python, or "
        "the folder of a virtual environment.\n"
    )
    prefix = str(Path(sys.executable).parents[1])
    done = run("check", "1", "--python", prefix, "--json", "-", cwd=mine, env=env)
    assert json.loads(done.stdout)["sandbox"] == "process"
