"""The progress file survives crashes, two writers, and a text editor."""

import json
import threading
from pathlib import Path

import pytest

from checker.progress import LessonProgress, ProgressError, ProgressFile, write_atomically
from checker.report import CheckResult, Outcome, SubmissionResult

SLUG = "04-event-handlers"


def result(outcome: Outcome, points: int = 0) -> SubmissionResult:
    check = CheckResult("a_check", "A check.", 2, outcome, points, 3)
    passed = outcome == "passed"
    return SubmissionResult(
        "you", SLUG, "passed" if passed else "failed", points, 3, checks=(check,)
    )


def test_a_missing_file_is_no_progress(tmp_path: Path) -> None:
    assert ProgressFile(tmp_path).read().of(SLUG) == LessonProgress()


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / ".course")
    file.update(SLUG, lambda before: before.with_hint(2, 1))
    file.update(SLUG, lambda before: before.after(result("failed")))
    kept = file.read().of(SLUG)
    assert (kept.hints, kept.attempts, kept.failing_task) == ({2: 1}, 1, 2)


def test_a_pass_is_kept_when_a_later_check_fails() -> None:
    progress = LessonProgress().after(result("passed", 3)).after(result("failed", 1))
    assert progress.solved
    assert (progress.points, progress.max_points, progress.attempts) == (3, 3, 2)


def test_an_error_keeps_the_points_and_the_task() -> None:
    progress = LessonProgress().after(result("failed", 2))
    progress = progress.after(SubmissionResult("you", SLUG, "error", 0, 0))
    assert (progress.points, progress.max_points, progress.failing_task) == (2, 3, 2)


def test_hints_only_go_forward() -> None:
    assert LessonProgress().with_hint(1, 2).with_hint(1, 1).hints == {1: 2}


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"schema": 1}',
        b'{"schema": 0, "lessons": {}}',
        b'{"schema": 1, "lessons": []}',
        b'{"schema": 1, "lessons": {"a": 3}}',
        b'{"schema": 1, "lessons": {"a": {"unknown": 3}}}',
        b'{"schema": 1, "lessons": {"a": {"points": "many"}}}',
        b'{"schema": 1, "lessons": {"a": {"points": true}}}',
        b'{"schema": 1, "lessons": {"a": {"attempts": -1}}}',
        b'{"schema": 1, "lessons": {"a": {"hints": {"x": 1}}}}',
        b'{"schema": 1, "lessons": {"a": {"hints": 7}}}',
        b'{"schema": 1, "lessons": {"a": {"solved_at": "yesterday"}}}',
        b'{"schema": 1, "lessons": {"a": {"solved_at": 7}}}',
        b"[" * 100_000,
    ],
    ids=lambda damage: damage[:60].decode(errors="replace"),
)
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, damage: bytes) -> None:
    file = ProgressFile(tmp_path)
    file.path.write_bytes(damage)
    progress = file.read()
    assert progress.lessons == {}
    (kept,) = tmp_path.glob("progress.broken-*.json")
    assert kept.read_bytes() == damage
    assert progress.notice == (
        f"{file.path} could not be understood. It was kept as {kept.name}, and your progress "
        "starts anew; your own files are as they were."
    )
    assert file.read().notice is None


def test_updating_a_damaged_file_says_so_too(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path)
    file.path.write_text("spoiled")
    after = file.update(SLUG, lambda before: before.with_hint(1, 1))
    assert after.notice is not None
    assert file.read().of(SLUG).hints == {1: 1}


def test_a_newer_file_is_not_touched(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path)
    file.path.write_text('{"schema": 2, "lessons": "new"}')
    with pytest.raises(ProgressError) as caught:
        file.update(SLUG, lambda before: before)
    assert str(caught.value) == (
        "This workspace was used with a newer version of the course; update the course first."
    )
    assert json.loads(file.path.read_text())["schema"] == 2


def test_a_file_that_cannot_be_kept_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    file = ProgressFile(tmp_path / "in-the-way")
    with pytest.raises(ProgressError, match=r"^Your progress could not be saved in .*: .*\.$"):
        file.update(SLUG, lambda before: before)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path)
    file.path.mkdir()
    with pytest.raises(ProgressError, match=r"progress\.json cannot be read: .*\.$"):
        file.read()


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    def work() -> None:
        for _ in range(20):
            file.update(SLUG, lambda before: before.after(result("failed")))

    file = ProgressFile(tmp_path)
    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert file.read().of(SLUG).attempts == 80


def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "app.py"
    path.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", cut)
        with pytest.raises(KeyboardInterrupt):
            write_atomically(path, b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
