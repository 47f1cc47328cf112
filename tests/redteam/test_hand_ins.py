"""What a class hands in to hurt: zips of every kind, and names of learners. See README.md."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.grade import Graded, grade
from checker.lesson import Course, load_lesson
from checker.stage.sandbox import refused
from tests.redteam.hostile import LESSON, LESSONS

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(refused() is not None, reason=f"no bubblewrap: {refused()}"),
    pytest.mark.timeout(600),
]
MARK = "redteam-escaped"
ENDS = b"import os\n\nos._exit(0)\n"
RIGHT = (LESSONS / LESSON / "solution" / "app.py").read_bytes()

NAMES = (
    '=HYPERLINK("http:192.0.2.1","x")',
    "+1-1 @SUM(A1)",
    "|cmd' !A0",
    "\x1b]0;owned\x07\x1b[2Jmallory",
    "\u202egpj.ecila",
    "two\nlines\r\t",
    "a..;touch redteam-escaped;",
    "<script>alert(1)</script>",
    "`{{ 7 * 7 }}` & ${HOME}",
    "-rf",
    "con",
    "index",
    "é" * 127,
    "x" * 255,
)
"""Learners' names, as they may stand in a folder's name."""


def entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    """A zip's entry of a name and a mode that no tool would write."""
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def of(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of these entries, as bytes."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name twice is meant
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def claiming(size: int) -> bytes:
    """A zip whose table of contents says that ``app.py`` is of another size than it is."""
    data = bytearray(of(("app.py", ENDS)))
    table = data.rindex(b"PK\x01\x02")
    data[table + 24 : table + 28] = struct.pack("<I", size)
    return bytes(data)


def many(count: int) -> bytes:
    """A zip of so many empty files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(count):
            archive.writestr(f"f{number}.txt", b"")
    return made.getvalue()


def patched(data: bytes, at: int, value: bytes) -> bytes:
    """A zip with other bytes in the last entry of its table of contents."""
    table = data.rindex(b"PK\x01\x02") + at
    return data[:table] + value + data[table + len(value) :]


def overlapping() -> bytes:
    """A zip of 150 entries that all stand for the same half megabyte of nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", RIGHT)
        archive.writestr("0.bin", bytes(500_000))
        for number in range(1, 150):
            twin = copy.copy(archive.infolist()[1])
            twin.filename = f"{number}.bin"
            archive.filelist.append(twin)
    return made.getvalue()


ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "parent": (lambda: of(("app.py", ENDS), (f"../{MARK}", b"x")), "leads out of it"),
    "absolute": (lambda: of(("app.py", ENDS), (entry(f"/tmp/{MARK}"), b"x")), "leads out of it"),
    "backslash": (lambda: of(("app.py", ENDS), (entry(f"..\\{MARK}"), b"x")), "leads out of it"),
    "drive": (lambda: of(("app.py", ENDS), (entry(f"C:\\{MARK}"), b"x")), "leads out of it"),
    "link": (lambda: of((entry("app.py", stat.S_IFLNK | 0o777), b"/etc/passwd")), "link"),
    "pipe": (lambda: of((entry("app.py", stat.S_IFIFO | 0o644), b"")), "is a pipe"),
    "bomb": (lambda: of(("app.py", b"#" * 50_000_000)), "larger than"),
    "small-bomb": (lambda: of(("app.py", b"#" * 500_000)), "-fold"),
    "lying-size": (lambda: claiming(5), ""),
    "huge-size": (lambda: claiming(4_000_000_000), "larger than"),
    "entries": (lambda: many(100_000), "too many entries"),
    "twins": (lambda: of(("app.py", ENDS), ("App.py", ENDS)), "one name on some systems"),
    "twice": (lambda: of((entry("app.py"), ENDS), (entry("app.py"), RIGHT)), "twice"),
    "half": (lambda: of(("app.py", ENDS))[:-30], "not a zip that can be read"),
    "noise": (lambda: b"PK\x05\x06" + b"\xff" * 400, "not a zip that can be read"),
    "zip-in-zip": (lambda: of(("inner.zip", of(("app.py", RIGHT)))), "app.py was not found"),
    "nul-name": (lambda: of((entry("app.py\0.txt"), ENDS)), ""),
    "file-and-folder": (
        lambda: of(("app.py", ENDS), ("a", b""), ("a/b", b"")),
        "both a file and a fol",
    ),
    "locked": (lambda: patched(of(("app.py", ENDS)), 8, b"\x01"), "locked with a password"),
    "checksum": (lambda: patched(of(("app.py", ENDS)), 16, b"\x01\x02\x03\x04"), "Bad CRC-32"),
    "method": (lambda: patched(of(("app.py", ENDS)), 10, b"\x63"), "packed in an unusual way"),
    "elsewhere": (lambda: patched(of(("app.py", ENDS)), 42, b"\xff" * 4), "not a zip that can"),
    "second-table": (lambda: of(("app.py", RIGHT)) + of(("app.py", ENDS)), ""),
    "same-body": (overlapping, "-fold"),
    "deep": (lambda: of(("app.py", ENDS), ("a/" * 40 + "b.py", b"")), "deeper than"),
}
"""A learner's zip, and what its row must say; "" where it is graded like any other."""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The whole class in one run."""
    root = tmp_path_factory.mktemp("class") / "in"
    root.mkdir()
    for name in NAMES:
        (root / name.replace("/", "_")).mkdir()
        (root / name.replace("/", "_") / "app.py").write_bytes(ENDS)
    os.mkdir(os.fsencode(root) + b"/bad \xff name")
    for name, (make, _) in ZIPS.items():
        (root / f"zip-{name}.zip").write_bytes(make())
    os.mkfifo(root / "pipe.zip")
    (root / "link.zip").symlink_to("/etc/passwd")
    (root / "honest").mkdir()
    (root / "honest" / "app.py").write_bytes(RIGHT)
    lesson = load_lesson(LESSONS / LESSON)
    course = Course(LESSONS, "Course", "One lesson.", (), (), (lesson,))
    out = root.parent / "out"
    return grade(root, out, course=course, lesson=lesson, jobs=2)


def results(graded: Graded) -> dict[str, dict[str, object]]:
    """The report's submissions by learner."""
    report = json.loads((graded.out / "report.json").read_text("utf-8"))
    return {item["learner"]: item for item in report["submissions"]}


def test_nobody_is_lost_and_the_honest_one_passes(graded: Graded) -> None:
    found = results(graded)
    assert len(found) == len(NAMES) + 1 + len(ZIPS) + 3
    assert found["honest"]["status"] == "passed"
    assert [name for name, item in found.items() if item["status"] == "passed"] == ["honest"]


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_is_refused_with_a_reason(graded: Graded, name: str) -> None:
    result = results(graded)[f"zip-{name}"]
    said = ZIPS[name][1]
    assert result["status"] == ("error" if said else result["status"])
    assert said in str(result["message"])
    assert "checker itself failed" not in json.dumps(result)


def test_no_cell_is_a_formula_and_no_text_moves_a_cursor(graded: Graded) -> None:
    book = (graded.out / "gradebook.csv").read_text("utf-8")
    rows = list(csv.reader(io.StringIO(book)))
    assert len(rows) == len(results(graded)) + 1
    for row in rows:
        assert not [cell for cell in row if cell.lstrip()[:1] in set("=+-@|%") - {""}]
    for path in graded.out.rglob("*"):
        if path.suffix in {".html", ".csv", ".json"}:
            text = path.read_text("utf-8")
            assert not {"\x1b", "\x07", "\u202e", "\0"} & set(text), path
            assert path.suffix != ".html" or "<script>alert(1)" not in text, path


def test_every_page_has_a_plain_name_and_nothing_lies_elsewhere(graded: Graded) -> None:
    pages = sorted(path.name for path in (graded.out / "learners").iterdir())
    assert len(pages) == len(results(graded))
    assert all(name.isascii() and len(name) < 100 for name in pages)
    top = {"alike", "gradebook.csv", "index.html", "journal.jsonl", "learners", "report.json"}
    assert {path.name for path in graded.out.iterdir()} == top
    for folder in (graded.out.parent, graded.out.parent / "in", Path("/tmp"), Path.cwd()):
        assert not [path for path in folder.iterdir() if path.name == MARK]
