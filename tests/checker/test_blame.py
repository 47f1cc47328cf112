"""Who is blamed for what a server printed."""

import pytest

from checker.blame import Stop, frames, last_error, last_own_line, last_stop, last_words

HANDLER = """Exception in thread Thread-6 (_handle_event_internal):
Traceback (most recent call last):
  File "/opt/taught/socketio/server.py", line 612, in _handle_event_internal
    r = server._trigger_event(data[0], namespace, sid, *data[1:])
  File "/opt/taught/flask_socketio/__init__.py", line 858, in _handle_event
    ret = handler(*args)
"""
OWN = """  File "/app/app.py", line 27, in handle_slow
    tiem.sleep(2)
    ^^^^
  File "/opt/taught/werkzeug/local.py", line 519, in _get_current_object
    raise RuntimeError(unbound_message) from None
"""
TASK = """Traceback (most recent call last):
  File "src/gevent/greenlet.py", line 912, in gevent._gevent_cgreenlet.Greenlet.run
"""
FILES = ("app.py", "parts/events.py")


def test_an_error_of_the_own_code_has_a_line() -> None:
    printed = f"Received: x\n{HANDLER}{OWN}NameError: name 'tiem' is not defined\nReceived: y\n"
    stop = Stop("NameError: name 'tiem' is not defined", "app.py", 27, None, by_event=True)
    assert last_stop(printed, FILES) == stop


def test_the_line_may_stand_in_another_file() -> None:
    printed = HANDLER + OWN.replace("/app/app.py", "/app/parts/events.py") + "KeyError: 'a'\n"
    stop = last_stop(printed, FILES)
    assert stop is not None
    assert (stop.file, stop.line) == ("parts/events.py", 27)


def test_a_function_that_could_not_be_called_is_named() -> None:
    words = "TypeError: Chat.on_slow() missing 1 required positional argument: 'data'"
    assert last_stop(f"{HANDLER}{words}\n", FILES) == Stop(
        words, None, None, "Chat.on_slow", by_event=True
    )


@pytest.mark.parametrize(
    "why",
    ["takes 0 positional arguments but 1 was given", "got an unexpected keyword argument 'args'"],
)
def test_a_task_is_told_from_a_handler(why: str) -> None:
    words = f"TypeError: send_ticks() {why}"
    stop = last_stop(f"{TASK}{words}\n2026-11-24 <Thread: send_ticks> failed\n", FILES)
    assert stop == Stop(words, None, None, "send_ticks", by_event=False)


def test_a_call_inside_the_own_code_names_its_line() -> None:
    stop = last_stop(f"{HANDLER}{OWN}TypeError: send() missing 1 required argument\n", FILES)
    assert stop is not None
    assert (stop.line, stop.called) == (27, None)


def test_the_last_error_counts() -> None:
    printed = f"{HANDLER}{OWN}KeyError: 'a'\n{HANDLER}{OWN}ValueError: b\n"
    stop = last_stop(printed, FILES)
    assert stop is not None
    assert stop.words == "ValueError: b"


def test_what_comes_from_elsewhere_blames_nobody() -> None:
    assert last_stop("", FILES) is None
    assert last_stop("ValueError: without a traceback\n", FILES) is None
    assert last_stop(f"{TASK}RecursionError: maximum recursion depth exceeded\n", FILES) is None
    assert last_stop(f"{HANDLER}{OWN}", FILES) is None
    assert last_stop(f"{HANDLER}{OWN}KeyError: 'a'\n", ("other.py",)) is None


def test_a_long_line_is_cut() -> None:
    stop = last_stop(f"{HANDLER}{OWN}ValueError: {'x' * 100_000}\n", FILES)
    assert stop is None
    stop = last_stop(f"{HANDLER}{OWN}ValueError: {'x' * 9_000}\n", FILES)
    assert stop is not None
    assert len(stop.words) < 400


def test_the_last_error_is_told_whoever_raised_it() -> None:
    missing = "jinja2.exceptions.TemplateNotFound: index.html"
    printed = f"{HANDLER}{OWN}KeyError: 'a'\n[2026-11-24] ERROR in app\n{TASK}{missing}\n"
    assert last_error(printed) == missing
    assert last_words(printed) == f"The error is: {missing}"


def test_an_error_may_have_no_words_or_several_lines() -> None:
    assert last_error(f"{HANDLER}{OWN}AssertionError\n") == "AssertionError"
    assert last_error(f"{HANDLER}{OWN}ValueError: one\ntwo\nthree\n") == "ValueError: one"


def test_what_is_printed_around_an_error_is_none() -> None:
    assert last_error(f"before\n{HANDLER}{OWN}KeyError: 'a'\nafter\n") == "KeyError: 'a'"
    assert last_error("hello\nReceived: x\n") == ""
    assert last_words("hello\n") == "No error text was printed."


def test_a_long_error_is_cut() -> None:
    assert len(last_error(f"{HANDLER}{OWN}ValueError: {'x' * 9_000}\n")) == 300


def test_the_last_line_of_the_own_script() -> None:
    printed = OWN.replace("/app/app.py", "/tmp/course-app-x1/app.py").replace("27", "31")
    assert last_own_line(f"{HANDLER}{OWN}{HANDLER}{printed}KeyError: 'a'\n", "app.py") == 31
    assert last_own_line(OWN.replace("/app/app.py", "/opt/taught/flask/app.py"), "app.py") is None
    assert last_own_line(f"{HANDLER}KeyError: 'a'\n", "app.py") is None


def test_only_places_in_the_own_folder_are_told() -> None:
    other = OWN.replace("/app/app.py", "/app/parts/events.py")
    assert frames(HANDLER + OWN + other) == [("app.py", 27), ("parts/events.py", 27)]
