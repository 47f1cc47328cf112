"""Nothing that a stranger wrote can hide, move a cursor, or break an encoding."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.formats import text
from tests.checker.samples import HOSTILE

anything = st.text(st.characters(codec=None, exclude_categories=()))


@given(anything)
def test_cleaned_text_has_nothing_hidden(raw: str) -> None:
    cleaned = text.clean(raw)
    assert not [c for c in cleaned if text.is_hidden(c) and c not in "\n\t"]
    cleaned.encode("utf-8")


@given(anything)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert text.clean(text.clean(raw)) == text.clean(raw)


@given(anything)
def test_a_name_and_a_line_stay_on_one_line(raw: str) -> None:
    assert "\n" not in text.name(raw)
    assert len(text.name(raw).splitlines()) <= 1
    assert len(text.one_line(raw).splitlines()) <= 1


def test_escapes_can_be_read() -> None:
    assert text.clean("\x1b[0m \u202e \U000e0041 \udcff") == r"\x1b[0m \u202e \U000e0041 \udcff"


def test_scripts_that_need_joiners_keep_them() -> None:
    devanagari = "न\u200cक"
    assert text.clean(devanagari) == devanagari


@given(anything)
def test_output_is_bounded_and_the_cut_is_announced(raw: str) -> None:
    shown = text.output(raw * 50)
    assert len(shown) <= 560
    assert len(text.clean(raw * 50)) <= 500 or "more characters" in shown


def test_output_that_was_cut_before_stays_as_it_is() -> None:
    once = text.output("x" * 2000)
    assert "\n… (cut here: 1500 more characters)\n" in once
    assert text.output(once) == once


def test_of_long_output_beginning_and_end_are_shown() -> None:
    lines = ["Running", *(f"  line {number} of a traceback" for number in range(90)), "KeyError: 7"]
    shown = text.output("\n".join(lines)).splitlines()
    assert shown[0] == "Running"
    assert shown[-1] == "KeyError: 7"
    assert set(shown) - set(lines) == {"… (cut here: 1794 more characters)"}


def test_colours_of_a_terminal_are_taken_away() -> None:
    assert text.output("\x1b[31m\x1b[1mWARNING\x1b[0m \x1b[2J") == r"WARNING \x1b[2J"


def test_a_learner_cannot_fake_the_note_to_get_more_room() -> None:
    assert len(text.output("x" * 5000 + " more characters)")) < 560


@given(anything, st.integers(20, 100))
def test_cutting_keeps_to_the_limit(raw: str, limit: int) -> None:
    assert len(text.cut(raw * 9, limit)) <= max(limit, 30)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_values_are_shown_as_json_on_one_line(hostile: str) -> None:
    assert "\n" not in text.value({"a": [hostile]})


def test_values_that_json_does_not_know_become_text() -> None:
    deep: object = "core"
    for _ in range(5000):
        deep = [deep]
    odd = {"nan": float("nan"), "big": 10**5000, "deep": deep, "bad\udcff": "\ud800"}
    plain = text.plain(odd)  # type: ignore[arg-type]
    again = json.loads(json.dumps(plain, allow_nan=False).encode("utf-8"))
    assert again["nan"] == "nan"
    assert again["bad?"] == "?"
    assert again["big"] == "an integer of 16610 bits"
    assert "nested deeper" in str(again["deep"])
