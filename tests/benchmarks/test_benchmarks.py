"""The benchmark's parts work; nothing here is timed."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker.lesson import Lesson, load_course
from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks.graders import PEERS, Check50, Pytest
from tests.benchmarks.measure import CommandFailed, Times, in_turn, paired, run
from tests.benchmarks.peer import Ground, Peer, PeerMissing, cache_folder
from tests.benchmarks.submissions import Program, described, mixed
from tests.benchmarks.table import Findings, Ratio, Table


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """The fourth lesson."""
    return load_course().find("4")


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(benchmarks.main, ["--help"])
    assert shown.exit_code == 0
    for name in ("lessons", "shell", "peers", "classes", "many", "floors", "profile", "setup"):
        assert f"\n  {name} " in shown.output
        inner = CliRunner().invoke(benchmarks.main, [name, "--help"])
        assert (inner.exit_code, name in inner.output) == (0, True)


def test_what_cannot_be_measured_is_told_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise CommandFailed("course check … ended with 2")

    monkeypatch.setattr(benchmarks, "_shell", fails)
    file = tmp_path / "found.json"
    done = CliRunner().invoke(benchmarks.main, ["--json", str(file), "shell"])
    assert done.exit_code == 2
    assert "Not measured: course check … ended with 2" in done.output
    assert json.loads(file.read_text())["failed"] == ["Not measured: course check … ended with 2"]


def test_the_class_is_mixed_and_no_two_are_alike(lesson: Lesson) -> None:
    programs = mixed(lesson, 30)
    assert len({program.files["app.py"] for program in programs}) == 30
    assert [program.passes for program in programs[:10]] == [*[True] * 4, False] * 2
    right = {"solution", *(f"accepted/{variant.name}" for variant in lesson.accepted())}
    assert right <= {program.kind for program in programs}
    assert sum(line.startswith("mistakes/") for line in described(programs)) == 6
    caught = {kind.split("/")[1] for kind in described(programs) if kind.startswith("mistakes/")}
    assert len(caught) == 6, "each mistake is of another check"


def test_ratios_come_first_and_say_whether_they_are_kept() -> None:
    found = Findings(
        [
            Ratio("peer / ours", 13.25, bound=12, way="at least", detail="check50"),
            Ratio("cold / import", 2.0, bound=1.5),
            Ratio("a thousand", None, "s", 40),
        ],
        [Table("Floors", ("", "ms"), (("import", 1031.4), ("nothing", None)), ("a note",))],
    )
    assert list(found.lines()) == [
        "Ratios",
        "                  here           asked for",
        "  peer / ours     13.2 ×         at least 12 ×   kept     check50",
        "  cold / import   2 ×            at most 1.5 ×   MISSED",
        "  a thousand      not measured   at most 40 s",
        "",
        "Floors",
        "               ms",
        "  import    1,031",
        "  nothing       –",
        "  a note",
        "",
    ]
    assert [ratio["kept"] for ratio in found.to_json()["ratios"]] == [True, False, None]


def test_medians_and_pairs() -> None:
    times = Times((4.0, 1.0, 3.0, 2.0, 100.0))
    assert (times.median, times.p90, Times((1.0,)).p90) == (3.0, 100.0, 1.0)
    order: list[float] = []

    def took(seconds: float) -> float:
        order.append(seconds)
        return seconds

    first, second = in_turn(2, lambda: took(1.0), lambda: took(2.0))
    assert (order, paired(second, first)) == ([1.0, 2.0, 1.0, 2.0], 2.0)


def test_a_command_that_fails_is_named_with_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"ended with 3: \['no way'\]"):
        run([sys.executable, "-c", "print('no way'); raise SystemExit(3)"], cwd=tmp_path)
    with pytest.raises(CommandFailed, match="did not work"):
        run([tmp_path / "nothing"], cwd=tmp_path)


def test_every_peer_has_its_requirements_and_its_checks() -> None:
    for peer in PEERS:
        pins = (peer.files / "requirements.txt").read_text().split()
        assert pins
        assert all("==" in pin for pin in pins)


def test_a_peer_that_cannot_be_installed_says_so(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    with pytest.raises(PeerMissing, match="check50 cannot be installed here"):
        Check50().setup(tmp_path / "cache")


@pytest.mark.parametrize("peer", [Pytest(), Check50()], ids=lambda peer: str(peer.slug))
def test_a_peer_agrees_with_the_lesson(peer: Peer, lesson: Lesson, tmp_path: Path) -> None:
    venv = peer.place(cache_folder())
    if not (venv / "ready").is_file():
        pytest.skip(f"{peer.slug} is not set up: python -m tests.benchmarks setup")
    solution, mistake = mixed(lesson, 5)[::4]
    for program in (solution, mistake):
        program.write(tmp_path / "class")
    ground = Ground(venv, tmp_path / "class", tmp_path / "work")
    peer.prepare(ground)
    peer.batch(ground, 2)
    assert (
        peer.passed(ground)
        == _verdicts(solution, mistake)
        == {"learner0000": True, "learner0004": False}
    )


def _verdicts(*programs: Program) -> dict[str, bool]:
    return {program.learner: program.passes for program in programs}
