"""The journal: whatever a crash leaves of it, what was finished is found and nothing else."""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from checker.grading import journal as journal_module
from checker.grading.journal import Entry, Journal, JournalBusy
from tests.checker.samples import HOSTILE, check, every_outcome, hostile, result

HEADER = {"versions": {"python": "3.11.7"}}


def entry(learner: str, key: str = "k") -> Entry:
    return Entry(key, result(check("failed"), learner=learner), {"a": "app.py, line 2: x"})


def written(path: Path, *entries: Entry) -> bytes:
    with Journal(path) as journal:
        journal.begin(HEADER)
        for one in entries:
            journal.write([one])
    return path.read_bytes()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    before = Entry("k", every_outcome("ann"), {"check_failed": "app.py, line 2: x"})
    with Journal(tmp_path / "j") as journal:
        journal.begin(HEADER)
        journal.write([before, entry("bob")])
        after = journal.read("ann", before.lesson)
    assert after.result.to_json() == before.result.to_json()
    assert after.quotes == before.quotes


def test_it_is_one_json_value_per_line(tmp_path: Path) -> None:
    lines = written(tmp_path / "j", entry("ann"), entry("bob")).decode().splitlines()
    assert [sorted(json.loads(line)) for line in lines] == [
        ["journal", "versions"],
        ["key", "quotes", "result"],
        ["key", "quotes", "result"],
    ]


def test_a_crash_at_any_byte_loses_only_the_line_it_cut(tmp_path: Path) -> None:
    path = tmp_path / "j"
    whole = written(path, entry("ann"), entry("bob"), entry("cem"))
    lesson = entry("ann").lesson
    ends = [place + 1 for place, byte in enumerate(whole) if byte == ord("\n")]
    for cut in [*range(0, ends[-2], 7), *range(ends[-2] - 3, len(whole))]:
        path.write_bytes(whole[:cut])
        with Journal(path) as journal:
            known = [name for name in ("ann", "bob", "cem") if journal.has(name, lesson, "k")]
            assert len(known) == max(0, sum(end <= cut for end in ends) - 1)
            if cut % 9 == 0:
                journal.write([entry("dee")])
                assert journal.read("dee", lesson).learner == "dee"
            for name in known:
                assert journal.read(name, lesson).learner == name
        assert all(json.loads(line) for line in path.read_bytes().splitlines())


def test_a_damaged_line_in_the_middle_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "j"
    lines = written(path, entry("ann"), entry("bob"), entry("cem")).splitlines(keepends=True)
    for spoiled in (
        b"\x00" * 100 + b"\n",
        b"{}\n",
        b"[1]\n",
        b"null\n",
        b'{"key": "k"}\n',
        b"\xff\n",
    ):
        path.write_bytes(lines[0] + lines[1] + spoiled + lines[3])
        with Journal(path) as journal:
            found = [journal.has(name, entry("ann").lesson, "k") for name in ("ann", "bob", "cem")]
        assert found == [True, False, True]


def test_the_last_line_of_a_submission_counts(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.write([entry("ann", "old")])
        journal.write([entry("ann", "new")])
        assert not journal.has("ann", entry("ann").lesson, "old")
        assert journal.has("ann", entry("ann").lesson, "new")


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_stays_in_its_line(tmp_path: Path, bad: str) -> None:
    lines = written(tmp_path / "j", Entry("k", hostile(bad), {"a_check": bad})).splitlines()
    assert len(lines) == 2


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal(path) as journal:
        journal.write([entry("ann")])
        before = path.read_bytes()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, limits[1]))
        try:
            with pytest.raises(OSError, match="too large"):
                journal.write([entry("bob")])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_bytes() == before
        journal.write([entry("bob")])
        assert journal.read("bob", entry("bob").lesson).learner == "bob"


def test_two_runs_do_not_write_one_journal(tmp_path: Path) -> None:
    path = tmp_path / "j"
    program = (
        "import sys, pathlib; from checker.grading.journal import Journal;"
        "Journal(pathlib.Path(sys.argv[1])).__enter__()"
    )
    with Journal(path), pytest.raises(JournalBusy):
        Journal(path).__enter__()
    with Journal(path):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True
        )
    assert "JournalBusy" in done.stderr
    with Journal(path):
        pass


def test_what_is_out_of_date_goes_when_it_is_most_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal(path) as journal:
        journal.begin(HEADER)
        for number in range(40):
            journal.write([entry("ann", str(number)), entry("gone", str(number))])
        journal.compact([("ann", entry("ann").lesson)])
    assert len(path.read_bytes().splitlines()) == 2
    with Journal(path) as journal:
        assert journal.has("ann", entry("ann").lesson, "39")
        assert not journal.has("gone", entry("ann").lesson, "39")
        journal.compact([("ann", entry("ann").lesson)])
    assert [item.name for item in tmp_path.iterdir()] == ["j"]


def test_a_journal_that_was_replaced_before_it_was_locked_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written then went to a file that no longer had a name."""
    path, other = tmp_path / "j", tmp_path / "other"
    written(path, entry("ann"), entry("bob"))
    real, left = journal_module._lock, [1]

    def replaced_meanwhile(file: int) -> None:
        if left:
            left.pop()
            written(other, entry("cem"))
            other.replace(path)
        real(file)

    monkeypatch.setattr(journal_module, "_lock", replaced_meanwhile)
    with Journal(path) as journal:
        journal.write([entry("dee")])
        assert journal.read("dee", entry("dee").lesson).to_line() == entry("dee").to_line()
    with Journal(path) as journal:
        found = [who for who in ("ann", "cem", "dee") if journal.has(who, entry(who).lesson, "k")]
    assert found == ["cem", "dee"]
