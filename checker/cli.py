"""The program `course`: its commands. What each one does is in a module of its own.

Start-up is felt on every check, so a command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click

from checker.commands import console
from checker.commands.console import FailedToWork, folder_argument, lesson_argument, path_argument


@click.group(cls=console.CourseGroup, invoke_without_command=True)
@click.version_option(None, "--version", "-V", package_name="flask-socketio-course")
@click.pass_context
def course(context: click.Context) -> None:
    """Learn to set up Flask-SocketIO, one lesson at a time.

    \b
    In the browser:          course serve
    In your own editor:      course start      makes a folder with a starter per lesson
                             course check      tells what your app does, and what to try
    The project, in stages:  course check project/1
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@course.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path))
def start(directory: Path | None) -> None:
    """Make a workspace: one folder per lesson, each with a starter.

    The project has one folder too, which begins with the starter of its first stage. DIRECTORY is
    the folder to make; without it, "my-course", or the workspace that you are in. Giving the
    command again adds what is missing and never changes a file of yours.
    """
    from checker.commands import starters

    starters.give_out(directory)


@course.command()
@lesson_argument
@path_argument
@click.option(
    "--python",
    metavar="PROGRAM",
    type=click.Path(path_type=Path),
    help="Lesson 1: check the packages of this Python, such as .venv/bin/python.",
)
@console.report_options
def check(
    lesson: str | None, path: Path | None, python: Path | None, reports: Mapping[str, str]
) -> None:
    """Check your app for one lesson and say what to try.

    LESSON is a number such as 4, or a name such as 04-event-handlers. PATH is the folder of your
    app, or its app.py. Without them: the lesson whose folder you are in, else the first one of
    your workspace that has not passed yet.

    The project is one app that grows in stages, in the folder project. LESSON is then project/1,
    project/2 and so on; inside that folder it is the first stage that has not passed yet.

    Exit status: 0 everything passed, 1 something did not, 2 nothing could be checked.
    """
    with ExitStack() as stack:
        pool = None if python else stack.enter_context(console.open_pool())
        from checker.commands.checking import check as run_check
        from checker.commands.checking import exit_status

        screen = console.screen(quiet="-" in reports.values())
        target = console.target(lesson, path)
        if target is None:
            return console.all_done(screen)
        if python is not None:
            pool = stack.enter_context(console.open_own(target.lesson, python))
        assert pool is not None
        report = run_check(target, pool, screen)
    console.write_reports(report, target, reports)
    sys.exit(exit_status(report))


@course.command()
@lesson_argument
@path_argument
def watch(lesson: str | None, path: Path | None) -> None:
    """Check again each time you save, until you press Ctrl-C.

    LESSON and PATH are those of `course check`. Without them the whole workspace is watched: the
    lesson whose file you save is checked.
    """
    from checker.commands.watch import Watch

    screen = console.screen()
    target = console.target(lesson, path)
    if target is None:
        return console.all_done(screen)
    try:
        with console.open_pool() as pool:
            Watch(target, pool, screen, follow=lesson is None).run()
    except KeyboardInterrupt:
        screen.say("", "Stopped.")


@course.command()
@lesson_argument
@click.option("--task", type=click.IntRange(1), metavar="N", help="A hint for this task.")
@click.option("--number", type=click.IntRange(1), metavar="N", help="The Nth hint, once more.")
def hint(lesson: str | None, task: int | None, number: int | None) -> None:
    """Show the next hint for the task that stopped you.

    Hints come one at a time, each a little clearer than the one before.
    """
    from checker.commands.hinting import after_hint, next_hint, show_hint
    from checker.commands.screen import line
    from checker.commands.target import lesson_of
    from checker.progress import LessonProgress

    screen, workspace = console.screen(), console.workspace()
    chosen = lesson_of(console.load(), lesson, Path.cwd(), workspace)
    if chosen is None:
        return console.all_done(screen)
    progress = workspace.progress().of(chosen.slug) if workspace else LessonProgress()
    found = next_hint(chosen, progress, task, number)
    show_hint(found, screen)
    if workspace:
        workspace.record_hint(chosen, found.task, found.number)
    screen.say("", line(after_hint(found, remembered=bool(workspace), named=bool(task)), "dim"))


@course.command()
@lesson_argument
@path_argument
def diff(lesson: str | None, path: Path | None) -> None:
    """Show your app beside the solution. Nothing is changed.

    Lines marked - are yours, lines marked + the solution's.
    """
    from checker.commands.difference import render
    from checker.submission import Submission

    screen = console.screen()
    target = console.target(lesson, path, recent=True)
    if target is None:
        return console.all_done(screen)
    mine = Submission.from_path(target.path).files
    screen.say(*render(mine, target.lesson.solution(), screen.width))


@course.command()
@lesson_argument
def reset(lesson: str | None) -> None:
    """Put a lesson's starter back. Your files are kept in a backup.

    The starter of project/2 is our app of the stage before, project/1.
    """
    from checker.commands import starters

    starters.put_back(lesson)


@course.command()
@lesson_argument
@click.option("--yes", is_flag=True, help="Show it without asking twice.")
def solution(lesson: str | None, yes: bool) -> None:
    """Show a solution, once you have passed the lesson or asked twice."""
    from checker.commands.hinting import show_files
    from checker.commands.target import lesson_of

    screen, workspace = console.screen(), console.workspace()
    chosen = lesson_of(console.load(), lesson, Path.cwd(), workspace)
    if chosen is None:
        raise FailedToWork("Which lesson? Name it, for example `course solution 4`.")
    if workspace is None:
        seen, once_more = yes, f"give `course solution {chosen.handle} --yes`"
    else:
        progress = workspace.progress().of(chosen.slug)
        seen, once_more = yes or progress.solved, "give this command once more"
        if not seen:
            seen = workspace.record_solution_asked(chosen).solution_asked > 1
    if not seen:
        screen.say(
            f"{chosen.label} has not passed yet. A hint may be all you need: "
            f"`course hint {chosen.handle}`.",
            f"To see the solution now, {once_more}.",
        )
        sys.exit(1)
    show_files(chosen.solution(), screen)


@course.command()
@folder_argument
@console.grade_options
@console.json_option
def grade(
    directory: Path,
    out: Path,
    lesson: str | None,
    jobs: int | None,
    formats: tuple[str, ...],
    roster: Path | None,
    no_alike: bool,
    allow_unsafe: bool,
    json_file: str | None,
) -> None:
    """Grade a folder of submissions.

    DIRECTORY holds a folder or a zip for each learner, whose name is the learner's. Inside are
    the lesson folders; with --lesson, the files of that lesson.

    \b
        course grade submissions --out results
            submissions/ann/04-event-handlers/app.py
            submissions/bob.zip
        course grade lesson4 --out results --lesson 4
            lesson4/ann/app.py
            lesson4/bob.py

    Open index.html in the results first: it has the class, what fails most and who is stuck
    where. Beside it are a page for each learner, gradebook.csv, report.json, and in alike/ the
    hand-ins that are alike: a place to look, no verdict.

    An interrupted run goes on where it stopped: give the same command again. Given once more
    after a change, it grades only what has changed.

    Exit status: 0 everything passed, 1 something did not, 2 nothing could be graded.
    """
    from checker.commands import grading

    passed = grading.run(
        directory,
        out,
        lesson=lesson,
        jobs=jobs,
        formats=formats,
        people=roster,
        look_alike=not no_alike,
        allow_unsafe=allow_unsafe,
        json_file=json_file,
    )
    sys.exit(0 if passed else 1)


@course.command()
@lesson_argument
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="Programs at a time.")
def audit(lesson: str | None, jobs: int | None) -> None:
    """Hold the lesson folders to their promises.

    The solution passes, the starter does not, each mistake is caught where it should be, and
    every block of code does what the text says. LESSON audits one lesson only.

    Exit status: 0 every promise is kept, 1 one is broken, 2 nothing could be audited.
    """
    from checker.audit import audit_course
    from checker.commands.teaching import show_audit
    from checker.grading.crew import at_a_time
    from checker.run import Pool

    begun, content = time.monotonic(), console.load()
    lessons = [console.only_lesson(content, lesson)] if lesson else None
    with Pool.open() as pool:
        findings = audit_course(content, pool, jobs=jobs or at_a_time(), lessons=lessons)
        count = len(lessons or content.lessons)
        kept = show_audit(findings, console.screen(), count, begun)
    sys.exit(0 if kept else 1)


@course.command()
@click.option(
    "--python",
    metavar="PROGRAM",
    type=click.Path(path_type=Path),
    help="Look at the packages of this Python, such as .venv/bin/python.",
)
def doctor(python: Path | None) -> None:
    """Tell whether this machine is ready, and what to do if not.

    It looks at Python, the installed packages and whether they fit together, the async mode that
    an app gets when it asks for none, the ports, and the sandbox.
    """
    from checker.commands.doctor import examine
    from checker.commands.teaching import show_findings

    program = console.interpreter(python) if python else None
    healthy = show_findings(examine(program), console.screen())
    sys.exit(0 if healthy else 1)
