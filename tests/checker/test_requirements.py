"""What files for pip ask for, read as pip reads them."""

from collections.abc import Mapping

import pytest

from checker.requirements import (
    MOST_BYTES,
    MOST_CONDITIONS,
    MOST_LETTERS,
    MOST_LINES,
    RequirementLine,
    requirement_lines,
)


def lines(text: str | bytes, **others: str) -> list[RequirementLine]:
    """Read a `requirements.txt`; `others` are files beside it, without their suffix."""
    files = {f"{name}.txt": other.encode() for name, other in others.items()}
    data = text.encode() if isinstance(text, str) else text
    return list(requirement_lines({**files, "requirements.txt": data}))


def names(found: list[RequirementLine]) -> list[str]:
    return [line.name for line in found if line.wanted]


def test_a_line_has_a_name_versions_and_a_number() -> None:
    (line,) = lines("# for the course\n\nFlask_SocketIO[docs] >=5.6.1,<6  # at home\n")
    assert (line.text, line.file, line.number) == (
        "Flask_SocketIO[docs] >=5.6.1,<6",
        "requirements.txt",
        3,
    )
    assert line.name == "flask-socketio"
    assert line.wanted is not None
    assert line.wanted.extras == {"docs"}
    assert line.spec.contains("5.7.0")
    assert not line.spec.contains("6.0")


def test_options_ask_for_nothing() -> None:
    assert lines("--index-url https://example.org\n--pre\n") == []
    assert names(lines("flask==3.1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n")) == [
        "flask"
    ]


def test_what_pip_cannot_read_has_no_name() -> None:
    (line,) = lines("flask = 3.1\n")
    assert (line.wanted, line.name, line.applies, str(line.spec)) == (None, "", True, "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("flask @ https://example.org/flask.whl", ["flask"]),
        ("https://example.org/flask.whl", []),
        ("-e git+https://example.org/flask", []),
        ("--editable=flask", ["flask"]),
    ],
)
def test_packages_from_elsewhere(text: str, found: list[str]) -> None:
    (line,) = lines(text)
    assert names([line]) == found
    assert line.asks == text.removeprefix("-e ").removeprefix("--editable=")


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ("python_version >= '3'", True),
        ("python_version < '3'", False),
        ("'a' < os_name", False),
        ("extra == 'docs'", False),
    ],
)
def test_a_condition_may_leave_a_line_out(condition: str, applies: bool) -> None:
    (line,) = lines(f"flask; {condition}\n")
    assert line.applies is applies


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_are_decoded_as_their_first_bytes_say(encoding: str) -> None:
    assert names(lines("flask\ngevent\n".encode(encoding))) == ["flask", "gevent"]


def test_bytes_of_no_encoding_are_read_too() -> None:
    assert names(lines(b"\xff\xfe\x00")) == []
    assert names(lines(b"flask\n\x80\x81\n")) == ["flask"]


@pytest.mark.parametrize(
    "written",
    ["-r more.txt", "-rmore.txt", "--requirement=more.txt", '-r "more.txt"', "-r ./more.txt"],
)
def test_another_file_is_read_where_it_is_included(written: str) -> None:
    found = lines(f"flask\n{written}\neventlet\n", more="gevent\n")
    assert names(found) == ["flask", "gevent", "eventlet"]
    assert [line.opens for line in found] == ["", "more.txt", "", ""]
    assert (found[2].file, found[2].number, found[2].limit) == ("more.txt", 1, False)


def test_an_included_file_is_sought_beside_the_one_that_names_it() -> None:
    files = {
        "requirements.txt": b"-r needs\\base.txt\n",
        "needs/base.txt": b"-r ../more.txt\n-r real.txt\n",
        "more.txt": b"gevent\n",
        "needs/real.txt": b"flask\n",
    }
    assert names(list(requirement_lines(files))) == ["gevent", "flask"]
    assert names(list(requirement_lines(files, "needs/base.txt"))) == ["gevent", "flask"]


def test_a_file_of_limits_asks_for_nothing_itself() -> None:
    found = lines("-c limits.txt\n", limits="flask<4\n-r more.txt\n", more="gevent\n")
    assert [(line.name, line.limit) for line in found] == [
        ("", True),
        ("flask", True),
        ("", False),
        ("gevent", False),
    ]


@pytest.mark.parametrize("written", ["https://example.org/base.txt", "${HOME}/base.txt"])
def test_some_files_only_pip_can_look_for(written: str) -> None:
    (line,) = lines(f"-r {written}\n")
    assert (line.asks, line.opens, line.wanted) == ("", "", None)


def test_files_that_include_each_other_come_to_an_end() -> None:
    found = lines("-r more.txt\nflask\n", more="gevent\n-r requirements.txt\n-r more.txt\n")
    assert names(found) == ["gevent", "flask"]
    assert [(line.file, line.number) for line in found if line.loops] == [
        ("more.txt", 2),
        ("more.txt", 3),
    ]


def test_a_missing_file_is_empty() -> None:
    nothing: Mapping[str, bytes] = {}
    assert list(requirement_lines(nothing)) == []
    (line,) = lines("-r gone.txt\n")
    assert (line.opens, line.loops) == ("gone.txt", False)


@pytest.mark.parametrize("around", ["({})", "flask; ({}os_name == '')"])
def test_what_strangers_write_is_bounded(around: str) -> None:
    deep = around.format("(" * 100_000)
    assert names(lines(f"{deep}\nflask\n")) in (["flask"], ["flask", "flask"])
    assert len(lines("flask\n" * 2 * MOST_LINES)) == MOST_LINES


def test_files_are_bounded_together() -> None:
    word = f"{'x' * 400}\n"
    others = {f"part{number}": word * 400 for number in range(9)}
    text = "".join(f"-r {name}.txt\n" for name in others)
    assert sum(len(line.text) for line in lines(text, **others)) <= MOST_BYTES


@pytest.mark.parametrize("filler", ["\n", "# a note\n", "--pre\n"])
def test_what_asks_for_nothing_counts_too(filler: str) -> None:
    assert names(lines(f"{filler * (MOST_LINES - 1)}flask\n")) == ["flask"]
    assert names(lines(f"{filler * MOST_LINES}flask\n")) == []


def test_a_line_is_cut() -> None:
    (line,) = lines(f"flask {' ' * 400}{'#' * 400_000}\n"[:MOST_BYTES])
    assert line.name == "flask"
    assert all(len(line.text) <= MOST_LETTERS for line in lines("pip " * 10_000))


def test_conditions_about_a_package_are_bounded() -> None:
    text = "".join(f"flask>0.{number},>1.{number}\n" for number in range(MOST_CONDITIONS))
    found = lines(f"{text}gevent>1\n")
    assert sum(len(line.spec) for line in found if line.name == "flask") == MOST_CONDITIONS
    assert found[-1].name == "gevent"


def test_files_that_lead_to_each_other_do_not_lead_for_ever() -> None:
    others = {f"part{number}": f"-r part{number + 1}.txt\n" for number in range(900)}
    assert len(lines("-r part0.txt\n", **others)) < 50
