"""The traps recognise what they promise, in words that are known, and never get in the way."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.explain import (
    LONGEST,
    Trap,
    TrapsError,
    explain,
    load_traps,
    traps,
    troubleshooting,
)

LESSONS = sorted(Path(__file__).parents[2].glob("lessons/[0-9]*/lesson.toml"))
CATALOGUE = {f"P{number:02}" for number in range(1, 49)}
EXAMPLES = [(trap, example) for trap in traps() for example in trap.examples]
UNFILLED = re.compile(r"\{(name|near|module|function|type|rule|port|what|mode)\}")
BLAME = re.compile(r"\b(just|simply|easy|easily|obviously|wrong|stupid)\b|—|!", re.I)
PLAIN = """
[[trap]]
id = "G01"
title = "A title"
cause = "A cause."
fix = "A fix."
page = "troubleshooting"
patterns = ["boom (?P<name>[a-z]+)", "(?P<name>bang)"]
examples = ["boom bang"]
"""


def test_the_whole_catalogue_is_there() -> None:
    assert {trap.id for trap in traps()} >= CATALOGUE


@pytest.mark.parametrize(("trap", "example"), EXAMPLES)
def test_each_example_is_explained_as_itself(trap: Trap, example: str) -> None:
    found = explain(example, notices=True)
    assert found is not None
    assert found.trap == trap.id
    assert not UNFILLED.search(found.cause + found.fix)


@pytest.mark.parametrize(("trap", "example"), EXAMPLES)
def test_an_example_is_found_at_the_end_of_a_long_output(trap: Trap, example: str) -> None:
    found = explain("Received: hello\n" * 5000 + example, notices=True)
    assert found is not None
    assert found.trap == trap.id


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_an_explanation_uses_only_words_that_are_taught(path: Path) -> None:
    not_yet = tomllib.loads(path.read_text(encoding="utf-8"))["not_yet"]
    for _, example in EXAMPLES:
        found = explain(example, lesson=int(path.parent.name[:2]))
        prose = re.sub(r"`[^`]*`", "", f"{found.cause} {found.fix}") if found else ""
        for word in not_yet:
            used = re.search(rf"\b{re.escape(word)}s?\b", prose, re.I)
            assert not used, f"{found and found.trap} uses {word!r}"


def test_a_lesson_gets_plainer_words_than_a_later_one() -> None:
    text = "ValueError: URL rule 'message' must start with a slash."
    early, late = explain(text, lesson=2), explain(text, lesson=4)
    assert early is not None
    assert late is not None
    assert "socketio.on" not in early.fix
    assert "socketio.on('message')" in late.fix


def test_a_near_name_is_suggested() -> None:
    found = explain("ModuleNotFoundError: No module named 'flask_sockectio'")
    assert found is not None
    assert "Did you mean `flask_socketio`?" in found.fix


def test_a_name_that_is_near_to_nothing_gets_the_general_words() -> None:
    found = explain("ModuleNotFoundError: No module named 'numpy'")
    assert found is not None
    assert found.trap == "G22"
    assert "`numpy`" in found.cause


def test_a_notice_does_not_explain_a_failure() -> None:
    notice = "EventletDeprecationWarning: \nEventlet is deprecated."
    assert explain(notice) is None
    behind = explain(f"{notice}\nValueError: Invalid async_mode specified")
    assert behind is not None
    assert behind.trap == "P03"


@pytest.mark.parametrize("text", ["", "\n\n", "Received: hello", "ValueError: seven", "all passed"])
def test_what_is_not_known_is_not_explained(text: str) -> None:
    assert explain(text) is None


@given(st.text(max_size=300), st.one_of(st.none(), st.integers(0, 9)))
def test_any_text_is_taken(text: str, lesson: int | None) -> None:
    explain(text, lesson=lesson)


@given(st.sampled_from(EXAMPLES), st.text(max_size=60), st.text(max_size=60), st.integers(1, 7))
def test_any_text_around_an_example_is_taken(
    known: tuple[Trap, str], before: str, after: str, lesson: int
) -> None:
    found = explain(before + known[1] + after, lesson=lesson)
    assert found is None or (found.cause and found.fix)


@pytest.mark.parametrize(
    "piece",
    ["x", " ", "\n", "  \n", "'", "(", "a.b()", " SocketIO()\n", "/socket.io/?", "if name ==\n"]
    + [example[: len(example) // 2] for _, example in EXAMPLES],
)
def test_no_text_keeps_it_busy(piece: str) -> None:
    start = time.perf_counter()
    explain(piece * (LONGEST // len(piece) + 1))
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("trap", traps(), ids=lambda trap: trap.id)
def test_the_words_are_whole_sentences_without_blame(trap: Trap) -> None:
    for text in filter(None, (trap.cause, trap.fix, trap.plain_cause, trap.plain_fix)):
        assert text.endswith((".", "?"))
        prose = re.sub(r"`[^`]*`", "", text)
        assert not BLAME.search(prose)
    assert not trap.title.endswith(".")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title =", "titel =", "G01: the key `titel` is not known. Did you mean `title`?"),
        ("fix =", "symptom =", "G01: the key `fix` is missing."),
        ('"G01"', '"X1"', "X1: an id is P or G and two digits."),
        ('"boom bang"', '"bang"', "G01: no example has what"),
        ('"boom bang"', '"boom bang", "silence"', "G01: no pattern fits the example 'silence'"),
        ("(?P<name>bang)", "(bang)", "G01: its patterns must capture the same names."),
        ("(?P<name>bang)", "((bang)", "is no regular expression"),
        ('"A title"', "5", "G01: `title` must be of type str."),
        ('page = "troubleshooting"', 'lessons = ["2"]', "every entry of `lessons`"),
        ('page = "troubleshooting"', "", "say in `lessons` or `page` where it is taught"),
        ("page =", 'plain_fix = "."\npage =', "give both plain_cause and plain_fix"),
        ("page =", 'plain_fix = "."\nplain_cause = "."\npage =', "need a min_lesson above 1"),
        ("[[trap]]", "[[trap", "The traps are not TOML"),
        ("[[trap]]", "[[traps]]", "The traps are a list of [[trap]] and nothing else."),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(old: str, new: str, sentence: str) -> None:
    assert load_traps(PLAIN)
    with pytest.raises(TrapsError, match=re.escape(sentence)):
        load_traps(PLAIN.replace(old, new, 1))


def test_an_id_is_used_once() -> None:
    with pytest.raises(TrapsError, match="G01 is there twice"):
        load_traps(PLAIN + PLAIN)


def test_a_silent_trap_needs_a_symptom() -> None:
    silent = PLAIN.partition("patterns =")[0]
    with pytest.raises(TrapsError, match="needs a symptom"):
        load_traps(silent)
    assert load_traps(f'{silent}\nsymptom = "Nothing happens."')


def test_every_trap_is_on_the_troubleshooting_page() -> None:
    page = troubleshooting()
    for trap in traps():
        assert f"### {trap.title}\n" in page
        assert f"({trap.id})" in page
