"""Benchmarks, ratios first: ``uv run python -m tests.benchmarks [COMMAND] [--quick]``."""

from __future__ import annotations

import json
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from checker.grading.crew import at_a_time
from checker.lesson import Course, Lesson, load_course
from checker.run import Pool, check_submission, result_of
from tests.benchmarks import batch, compare, floors, ours, profiling
from tests.benchmarks.graders import PEERS
from tests.benchmarks.measure import CommandFailed, load_average, say
from tests.benchmarks.peer import PeerMissing, cache_folder
from tests.benchmarks.submissions import mixed, solutions
from tests.benchmarks.table import Findings

SLUGS = tuple(dict.fromkeys(peer.slug for peer in PEERS))


@dataclass
class Bench:
    """What the options say, and what was found so far."""

    quick: bool
    jobs: int
    cache: Path
    json_file: Path | None
    course: Course
    work: Path
    found: Findings = field(default_factory=Findings)
    failed: list[str] = field(default_factory=list)

    def times(self, full: int, quick: int) -> int:
        """Return how often something is done."""
        return quick if self.quick else full

    def part(self, measure: Callable[[], None]) -> None:
        """Measure something; what cannot be measured is told, and the rest goes on."""
        try:
            measure()
        except CommandFailed as error:
            self.failed.append(f"Not measured: {error}")


@click.group(invoke_without_command=True)
@click.option("--quick", is_flag=True, help="Fewer repetitions, and smaller classes.")
@click.option(
    "--jobs",
    default=at_a_time,
    show_default="two for each processor",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Submissions at a time in a batch, ours and the peers'.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the peers' environments are kept.  [default: the user's cache folder]",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the numbers to this file, too.",
)
@click.pass_context
def main(
    context: click.Context, quick: bool, jobs: int, cache: Path | None, json_file: Path | None
) -> None:
    """Measure the checker, its floors and its peers side by side, and print the ratios first.

    Without a command everything is measured (about fifteen minutes; with --quick about five). Other
    work on the machine makes seconds meaningless; ratios were taken in turn.
    """
    work = Path(tempfile.mkdtemp(prefix="course-bench-"))
    context.call_on_close(lambda: shutil.rmtree(work, ignore_errors=True))
    bench = Bench(quick, jobs, cache or cache_folder(), json_file, load_course(), work)
    context.obj = bench
    if context.invoked_subcommand is None:
        with _told(bench):
            bench.part(lambda: _lessons(bench, ()))
            bench.part(lambda: _shell(bench))
            bench.part(lambda: _peers(bench, ()))
            bench.part(lambda: _classes(bench, ()))
            bench.part(lambda: _many(bench, ours.FOURTH, bench.times(1000, 100)))
            bench.part(lambda: _floors(bench))


@main.command()
@click.option("--lesson", "numbers", multiple=True, metavar="N", help="Only this one; repeatable.")
@click.pass_obj
def lessons(bench: Bench, numbers: tuple[str, ...]) -> None:
    """One submission of each lesson: warm, in a new pool, in a new process."""
    with _told(bench):
        bench.part(lambda: _lessons(bench, numbers))


@main.command()
@click.option("--only", multiple=True, type=click.Choice(SLUGS), help="Only this peer; repeatable.")
@click.option("--count", type=click.IntRange(2), metavar="N", help="Submissions in the class.")
@click.pass_obj
def peers(bench: Bench, only: tuple[str, ...], count: int | None) -> None:
    """A class of lesson 4 from a cold start: ours, and each peer in its best way."""
    with _told(bench):
        bench.part(lambda: _peers(bench, only, count))


@main.command()
@click.option("--lesson", "numbers", multiple=True, metavar="N", help="Only this one; repeatable.")
@click.pass_obj
def classes(bench: Bench, numbers: tuple[str, ...]) -> None:
    """A class of thirty in each lesson with `course grade`, and the memory that it takes."""
    with _told(bench):
        bench.part(lambda: _classes(bench, numbers))


@main.command()
@click.option("--lesson", default="4", show_default=True, metavar="N", help="Which lesson.")
@click.option("--count", default=1000, show_default=True, type=click.IntRange(10), metavar="N")
@click.pass_obj
def many(bench: Bench, lesson: str, count: int) -> None:
    """A large class with `course grade`, and the memory that it takes."""
    with _told(bench):
        bench.part(lambda: _many(bench, bench.course.find(lesson).number, count))


@main.command()
@click.pass_obj
def shell(bench: Bench) -> None:
    """`course check 4` from the shell beside `import flask_socketio`, in turn."""
    with _told(bench):
        bench.part(lambda: _shell(bench))


@main.command(name="floors")
@click.pass_obj
def floors_(bench: Bench) -> None:
    """What an import, a fork and a walled fork cost when nobody checks anything."""
    with _told(bench):
        bench.part(lambda: _floors(bench))


@main.command()
@click.option("--lesson", default="4", show_default=True, metavar="N", help="Which lesson.")
@click.pass_obj
def profile(bench: Bench, lesson: str) -> None:
    """Where the judge's time goes: one by one while warm, and for a class."""
    with _told(bench):
        bench.part(lambda: _profile(bench, lesson))


@main.command()
@click.pass_obj
def setup(bench: Bench) -> None:
    """Set up the peers' environments, and do nothing else."""
    for peer in {peer.slug: peer for peer in PEERS}.values():
        try:
            click.echo(f"{peer.slug}: {peer.setup(bench.cache)}")
        except PeerMissing as error:
            click.echo(str(error))


def _lessons(bench: Bench, numbers: tuple[str, ...]) -> None:
    chosen = _chosen(bench, numbers)
    counts = bench.times(15, 4), bench.times(5, 2)
    bench.found.add(ours.each_lesson(chosen, bench.work, *counts))
    for lesson in chosen:
        if lesson.number == ours.FOURTH:
            bench.found.add(ours.mixed_warm(lesson, bench.times(30, 10)))


def _shell(bench: Bench) -> None:
    found = ours.from_the_shell(bench.course.find("4"), bench.work, bench.times(11, 5))
    bench.found.add(found)


def _peers(bench: Bench, only: tuple[str, ...], count: int | None = None) -> None:
    size = count or bench.times(compare.CLASS, 10)
    lesson = bench.course.find("4")
    bench.found.add(compare.compare(lesson, size, bench.jobs, bench.work, bench.cache, only))


def _classes(bench: Bench, numbers: tuple[str, ...]) -> None:
    size = bench.times(compare.CLASS, 10)
    bench.found.add(batch.classes(_chosen(bench, numbers), size, bench.jobs, bench.work))


def _chosen(bench: Bench, numbers: tuple[str, ...]) -> list[Lesson]:
    return [bench.course.find(number) for number in numbers] or [*bench.course.lessons]


def _many(bench: Bench, number: int, count: int) -> None:
    bench.found.add(batch.many(bench.course.find(str(number)), count, bench.jobs, bench.work))


def _floors(bench: Bench) -> None:
    say("the floors")
    bench.found.add(floors.measure(bench.course.find("4"), bench.work, bench.times(15, 7)))


def _profile(bench: Bench, name: str) -> None:
    from checker.grade import grade

    lesson = bench.course.find(name)
    count = bench.times(20, 8)
    with Pool.open() as pool:
        for program in solutions(lesson, 2):
            result_of(check_submission(lesson, program.submission(), stage_pool=pool))

        def one_by_one() -> None:
            for program in solutions(lesson, count):
                result_of(check_submission(lesson, program.submission(), stage_pool=pool))

        bench.found.add(profiling.profile(f"{count} solutions, warm", one_by_one))
    for program in mixed(lesson, compare.CLASS):
        program.write(bench.work / "profile")
    bench.found.add(
        profiling.profile(
            f"course grade, {compare.CLASS} mixed",
            lambda: _graded(grade, bench, lesson.slug),
        )
    )


def _graded(grade: Callable[..., object], bench: Bench, name: str) -> None:
    lesson, out = bench.course.find(name), bench.work / "profiled"
    grade(bench.work / "profile", out, course=bench.course, lesson=lesson, jobs=bench.jobs)


@contextmanager
def _told(bench: Bench) -> Iterator[None]:
    """Print what was found, whatever part of it there is when somebody stops us."""
    before, begun = load_average(), time.monotonic()
    try:
        yield
    finally:
        head = [
            f"Python {platform.python_version()}, {platform.system()} {platform.release()}",
            f"{before}; at the end: {load_average()}",
            f"{time.monotonic() - begun:.0f} s{', --quick' if bench.quick else ''}",
        ]
        click.echo("\n".join([*head, "", *bench.found.lines(), *bench.failed]))
        if bench.json_file:
            value = {"about": head, "failed": bench.failed, **bench.found.to_json()}
            bench.json_file.write_text(json.dumps(value, indent=1) + "\n")
    if bench.failed:
        sys.exit(2)


if __name__ == "__main__":
    sys.exit(main(prog_name="python -m tests.benchmarks"))
