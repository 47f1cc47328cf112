"""Files come in within bounds, and nothing is followed or waited for."""

import os
from pathlib import Path

import pytest

from checker.submission import MAX_FILE_BYTES, MAX_FILES, Submission, SubmissionError


def refusal(path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        Submission.from_path(path).require_entry()
    return str(caught.value)


def test_a_folder_is_read_without_what_tools_leave(tmp_path: Path) -> None:
    for name in ("app.py", "templates/index.html", "__pycache__/app.pyc", ".env", "venv/x.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    expected = {"app.py": b"x", "templates/index.html": b"x"}
    assert Submission.from_path(tmp_path).files == expected
    assert Submission.from_path(tmp_path / "app.py").files == expected


def test_a_single_script_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "alice.py").write_text("x")
    assert Submission.from_path(tmp_path / "alice.py").files == {"app.py": b"x"}


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone") == "gone is not there; name a folder or an app.py."
    assert refusal(tmp_path) == (
        "app.py was not found; the lesson's app must be in a file of that name."
    )
    (tmp_path / "main.py").write_text("x")
    assert refusal(tmp_path) == "app.py was not found; did you mean main.py? Rename it to app.py."
    (tmp_path / "note.txt").write_text("x")
    assert refusal(tmp_path / "note.txt") == (
        "note.txt is not a Python file; name a folder or app.py."
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "app.py").write_text("x")
    assert refusal(tmp_path) == (
        "app.py was not found here, but in/app.py was; check that folder instead."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" \n", "app.py is empty; write your app in it."),
        (b"x\0", "app.py holds a NUL byte, so Python cannot read it."),
        ("x".encode("utf-16"), "app.py is saved as UTF-16; save it as UTF-8 in your editor."),
        (b"x" * (MAX_FILE_BYTES + 1), "app.py is larger than 512,000 bytes."),
    ],
)
def test_an_odd_script_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "app.py").write_bytes(content)
    assert refusal(tmp_path) == sentence


def test_links_pipes_and_folders_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "app.py").symlink_to("/etc/passwd")
    assert refusal(tmp_path) == "app.py is a symbolic link; copy the file itself."
    assert refusal(tmp_path / "app.py") == "app.py is a link; name a folder or an app.py."
    (tmp_path / "app.py").unlink()
    os.mkfifo(tmp_path / "app.py")
    assert refusal(tmp_path) == "app.py is not a regular file."
    (tmp_path / "app.py").unlink()
    (tmp_path / "app.py").mkdir()
    assert "app.py was not found" in refusal(tmp_path)


def test_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x")
    for number in range(MAX_FILES):
        (tmp_path / f"{number}.txt").touch()
    assert "more than 200 files" in refusal(tmp_path)
    deep = tmp_path / "deep" / "/".join("abcdefgh")
    deep.mkdir(parents=True)
    for number in range(MAX_FILES):
        (tmp_path / f"{number}.txt").unlink()
    assert "nested deeper than 8 folders" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "", "a\\b", "x\0", "\udcff", "x" * 300])
def test_odd_names_are_refused(name: str) -> None:
    with pytest.raises(SubmissionError):
        Submission.from_files({name: b""})


def test_a_name_is_a_file_or_a_folder() -> None:
    with pytest.raises(SubmissionError, match=r"^a/b is both a file and a folder"):
        Submission.from_files({"app.py": b"", "a/b/c/d.py": b"", "a/b": b""})
