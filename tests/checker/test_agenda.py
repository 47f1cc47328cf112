"""Checks that are begun early count only once what they need has passed."""

from dataclasses import replace

from checker.agenda import Agenda, Entry
from checker.app import App
from checker.check import Check, check
from checker.judging import skipped
from checker.report import CheckResult
from checker.stage.channel import Cancelled


def nothing(app: App) -> None:
    """Ask nothing."""


def named(name: str, *needs: Check) -> Check:
    return replace(check(task=1, points=2, needs=needs)(nothing), name=name)


FIRST = named("first")
SECOND = named("second", FIRST)
THIRD = named("third", SECOND)
APART = named("apart")


def passed(entry: Entry) -> CheckResult:
    return replace(skipped(entry.check, "-"), outcome="passed", points=2, message=None)


def failed(entry: Entry) -> CheckResult:
    return replace(skipped(entry.check, "-"), outcome="failed", message="No.")


def take(agenda: Agenda, count: int) -> list[Entry]:
    taken = [agenda.take() for _ in range(count)]
    return [entry for entry in taken if entry is not None]


def outcomes(agenda: Agenda) -> list[str | None]:
    return [entry.result.outcome if entry.result else None for entry in agenda.entries]


def test_what_is_ready_comes_first_and_then_what_is_left() -> None:
    agenda = Agenda((FIRST, SECOND, THIRD, APART))
    assert [entry.check.name for entry in take(agenda, 9)] == ["first", "apart", "second", "third"]
    assert [entry.last for entry in agenda.entries] == [False, False, True, False]


def test_a_result_waits_for_those_that_it_needs() -> None:
    agenda = Agenda((FIRST, SECOND, THIRD))
    first, second, third = take(agenda, 3)
    agenda.settle(third, passed(third))
    agenda.settle(second, passed(second))
    assert outcomes(agenda) == [None, None, None]
    agenda.settle(first, passed(first))
    assert outcomes(agenda) == ["passed", "passed", "passed"]
    assert third.items.get_nowait() == third.result


def test_what_was_begun_early_is_given_up_when_what_it_needs_fails() -> None:
    agenda = Agenda((FIRST, SECOND, THIRD))
    first, second, third = take(agenda, 3)
    agenda.settle(second, passed(second))
    agenda.settle(first, failed(first))
    assert outcomes(agenda) == ["failed", "skipped", "skipped"]
    assert third.abandoned.is_set()
    assert second.result is not None
    assert third.result is not None
    assert second.result.message == "This waits for: Ask nothing."
    agenda.settle(third, passed(third))
    assert third.result.outcome == "skipped"


def test_what_is_not_begun_yet_is_left_to_whoever_takes_it() -> None:
    agenda = Agenda((FIRST, SECOND))
    (first,) = take(agenda, 1)
    agenda.settle(first, failed(first))
    assert outcomes(agenda) == ["failed", None]
    (second,) = take(agenda, 1)
    assert agenda.unmet(second.check) == FIRST


def test_who_waits_for_a_result_is_told_of_the_end() -> None:
    agenda = Agenda((FIRST, SECOND))
    (first,) = take(agenda, 1)
    agenda.stop(Cancelled())
    assert agenda.take() is None
    assert isinstance(first.items.get_nowait(), Cancelled)
