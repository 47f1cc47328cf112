"""File names for any learner, and files that are whole or not there."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from checker.grading import outbox
from tests.checker.formats.test_text import anything

ODD = (
    "",
    ".",
    "..",
    "a/b",
    "..\\x",
    "con",
    "NUL",
    "aux.x",
    "x" * 255,
    "ann.",
    "-",
    "a b",
    "Ann",
    "ann\0",
)


@pytest.mark.parametrize("name", ["ann", "student-007", "a.b_c"])
def test_plain_names_stay(name: str) -> None:
    assert outbox.page_name(name) == f"{name}.html"


@pytest.mark.parametrize("name", ODD)
def test_odd_names_become_plain_ones(name: str, tmp_path: Path) -> None:
    page = outbox.page_name(name)
    assert len(page.encode()) < 90
    assert page.isascii()
    outbox.write(tmp_path / page, ["x"])
    assert [path.name for path in tmp_path.iterdir()] == [page]


@settings(deadline=None)
@given(anything, anything)
def test_two_learners_have_two_pages_on_any_system(one: str, other: str) -> None:
    if one != other:
        assert outbox.page_name(one).lower() != outbox.page_name(other).lower()


def test_nobody_can_take_the_page_of_another_by_their_name() -> None:
    page = outbox.page_name("Åsa")
    assert outbox.page_name(page.removesuffix(".html")) != page


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    def pieces() -> object:
        yield "half"
        raise KeyboardInterrupt

    outbox.write(tmp_path / "x.csv", ["old"])
    with pytest.raises(KeyboardInterrupt):
        outbox.write(tmp_path / "x.csv", pieces())  # type: ignore[arg-type]
    assert (tmp_path / "x.csv").read_text() == "old"
    outbox.write(tmp_path / "x.csv", ["new"])
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_only_our_own_old_pages_are_removed(tmp_path: Path) -> None:
    (tmp_path / "theirs.html").write_text("<p>mine</p>")
    (tmp_path / "old.html").write_text(f"<head>{outbox.MARK}")
    (tmp_path / "ann.html").write_text(f"<head>{outbox.MARK}")
    outbox.remove_others(tmp_path, {"ann.html"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ann.html", "theirs.html"]
