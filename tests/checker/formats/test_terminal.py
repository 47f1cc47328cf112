"""What a learner reads in a terminal."""

import io
from dataclasses import replace

import pytest

from checker.formats import terminal
from checker.formats.terminal import Line
from checker.report import SubmissionResult
from tests.checker.samples import HOSTILE, VERSIONS, check, every_outcome, hostile, result

FILES = {"app.py": b"from flask import Flask\n    emit('response', {'data': 'hi'})\n"}


def plain(submission: SubmissionResult, files: dict[str, bytes] | None = None) -> str:
    stream = io.StringIO()
    lines = terminal.render(submission, versions=VERSIONS, sandbox="bubblewrap", files=files)
    terminal.write(lines, stream)
    return stream.getvalue()


def test_the_first_failure_is_shown_in_full_and_the_others_in_one_line() -> None:
    shown = plain(every_outcome(), FILES)
    assert shown.count("The task asks for {'data': 'Yes'}") == 1
    assert "Try: Send the dictionary the task asks for." in shown
    assert "app.py, line 2: emit('response', {'data': 'hi'})" in shown
    assert "Your app printed:\n      Received: x\n" in shown
    assert "3 more checks did not pass; start with this one." in shown


def test_values_are_not_said_twice() -> None:
    assert "The app gave" not in plain(every_outcome())
    quiet = plain(result(check("failed", message="The answer is another one.")))
    assert '    The task asks for: {"data": "Yes"}\n    The app gave: {"data": "hi"}\n' in quiet


def test_what_is_skipped_says_what_it_waits_for() -> None:
    assert "This waits for: A client connects." in plain(every_outcome())


def test_it_ends_with_one_line_of_summary() -> None:
    last = plain(every_outcome()).splitlines()[-1]
    assert last == (
        "2 of 12 points · 1 of 6 checks passed · async mode: threading · sandbox: bubblewrap · "
        "python 3.11.7, flask 3.1.3, flask-socketio 5.7.0"
    )


def test_an_app_without_an_async_mode_has_none_in_the_summary() -> None:
    assert "async mode" not in plain(replace(every_outcome(), async_mode=None))


def test_a_pass_has_no_details() -> None:
    assert "Try:" not in plain(result(check()))


def test_an_error_says_why() -> None:
    assert "app.py is empty; write your app in it." in plain(
        result(message="app.py is empty; write your app in it.")
    )


def test_the_line_may_be_one_of_another_file() -> None:
    files = {**FILES, "events.py": b"one\ntwo_of_events()\n"}
    message = "Your app raised KeyError. The line is 2 of events.py."
    other = result(check("crashed", message=message))
    assert "events.py, line 2: two_of_events()" in plain(other, files)


@pytest.mark.parametrize("line", [0, -1, 99])
def test_a_line_that_is_not_there_is_left_out(line: int) -> None:
    assert "app.py, line" not in plain(result(check("failed", line=line)), FILES)


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("colour", [False, True])
def test_nothing_of_a_learner_steers_the_terminal(bad: str, colour: bool) -> None:
    stream = io.StringIO()
    lines = terminal.render(
        hostile(bad), versions=VERSIONS, sandbox="process", files={"app.py": b""}
    )
    terminal.write(lines, stream, colour=colour)
    written = stream.getvalue()
    for sequence in ("\x1b[31mred", "\x1b]0", "\x07", "\x00", "\x9b", "\u202e", "\ufeff"):
        assert sequence not in written
    written.encode("utf-8")


def test_rich_does_not_read_markup_in_what_learners_wrote() -> None:
    stream = io.StringIO()
    terminal.write([Line((("[bold]x[/bold] :smile:", ""),))], stream, colour=True)
    assert "[bold]x[/bold] :smile:" in stream.getvalue()


def test_a_stream_that_cannot_encode_gets_letters() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    terminal.write(terminal.render(every_outcome(), versions={}, sandbox="process"), stream)
    stream.flush()
    assert b"ok A `message` event" in raw.getvalue()


def test_no_colour_where_nobody_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    assert terminal.wants_colour(Terminal())
    assert not terminal.wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.wants_colour(Terminal())
