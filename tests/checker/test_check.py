"""The language in which checks are written."""

import pytest

from checker.app import App
from checker.check import Failure, check, expect, expect_equal, same


def test_a_check_takes_its_title_from_the_docstring() -> None:
    @check(task=1)
    def first(app: App) -> None:
        """The page
        loads."""

    @check(task=2, points=3, needs=first)
    def second(app: App) -> None:
        """It answers."""

    assert (first.name, first.title, first.points, first.needs) == (
        "first",
        "The page loads.",
        1,
        (),
    )
    assert (second.task, second.points, second.needs) == (2, 3, (first,))


def test_a_check_without_a_docstring_is_refused() -> None:
    def silent(app: App) -> None:
        pass

    with pytest.raises(ValueError, match="silent needs a docstring"):
        check(task=1)(silent)


def test_expectations_say_what_was_asked() -> None:
    expect(True, "-", help="-")
    expect_equal({"a": [1]}, {"a": [1]}, what="It", help="-")
    with pytest.raises(Failure) as caught:
        expect(False, "It is not.", help="Try.", line=3, expected=1, observed=2)
    failure = caught.value
    assert (failure.message, failure.help, failure.line) == ("It is not.", "Try.", 3)
    assert (failure.expected, failure.observed) == (1, 2)
    with pytest.raises(Failure, match=r"The answer is 5\. The task asks for '5'\."):
        expect_equal(5, "5", what="The answer", help="-")


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        ({"a": 1}, {"a": True}, False),
        ([1, {"b": None}], [1, {"b": None}], True),
        ([1], [1, 2], False),
        (None, False, False),
    ],
)
def test_values_are_the_same_only_with_the_same_type(
    left: object, right: object, equal: bool
) -> None:
    assert same(left, right) is equal  # type: ignore[arg-type]
