"""What the commands share: how they are listed, how they fail, and what they read and write."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from checker.commands.screen import Screen
    from checker.commands.target import Target
    from checker.lesson import Course, Lesson
    from checker.report import Report
    from checker.run import Pool
    from checker.workspace import Workspace

_Command = TypeVar("_Command", bound=Callable[..., Any])

SECTIONS = {
    "To learn": ("serve", "start", "check", "watch", "hint", "diff", "reset", "solution"),
    "To teach": ("grade", "audit"),
    "When something is odd": ("doctor",),
}
REPORTS = {
    "json": "The report as JSON.",
    "junit": "The report as JUnit XML.",
    "exercism": "The report as Exercism's results.json.",
    "gradescope": "The report as Gradescope's results.json.",
    "html": "The report as one web page.",
}

lesson_argument = click.argument("lesson", required=False)
path_argument = click.argument("path", required=False, type=click.Path(path_type=Path))
folder_argument = click.argument("directory", type=click.Path(path_type=Path))


class FailedToWork(click.ClickException):
    """The command could not do its work; one sentence says why. Exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence, with nothing hidden in it, to standard error."""
        from checker.formats import text

        click.echo(f"Error: {text.message(self.message)}", file=file, err=file is None)


class CourseGroup(click.Group):
    """The commands in the order of a course, and no traceback whatever happens."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they are for."""
        known = {name for names in SECTIONS.values() for name in names}
        sections = {**SECTIONS, "Others": tuple(sorted(self.commands.keys() - known))}
        for title, names in sections.items():
            there = [self.commands[name] for name in names if name in self.commands]
            if there:
                with formatter.section(title):
                    rows = [(str(item.name), item.get_short_help_str(70)) for item in there]
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that is none gets a suggestion."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            near = difflib.get_close_matches(name, self.commands, 1)
            hint = f" Did you mean `course {near[0]}`?" if near else " See `course --help`."
            raise FailedToWork(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong becomes one sentence (COURSE_DEBUG shows it all)."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
            raise click.exceptions.Exit(130) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("COURSE_DEBUG"):
                raise
            raise FailedToWork(sentence_of(error)) from None


def sentence_of(error: Exception) -> str:
    """Say an exception to a learner: those of ours are sentences already."""
    if type(error).__module__.partition(".")[0] in ("checker", "webapp"):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}."
    return (
        f"The course itself failed ({type(error).__name__}: {error}). This is our fault, not "
        "yours. Set COURSE_DEBUG=1 and try again to see where."
    )


def screen(*, quiet: bool = False, error: bool = False) -> Screen:
    """Open standard output, or standard error, for speaking to a person."""
    from checker.commands.screen import Screen

    return Screen(sys.stderr if error else sys.stdout, quiet=quiet)


def load() -> Course:
    """Read the course; raises CourseError."""
    from checker.lesson import load_course

    return load_course()


def workspace() -> Workspace | None:
    """Find the workspace that the current folder lies in; what it has to say goes to stderr."""
    from checker.workspace import Workspace

    return Workspace.find(Path.cwd(), lambda notice: click.echo(f"Note: {notice}", err=True))


def target(lesson: str | None, path: Path | None, *, recent: bool = False) -> Target | None:
    """Find what LESSON and PATH mean here; None where nothing was named and all is done.

    Without LESSON it is the first unsolved one, or with ``recent`` the one checked last.
    """
    from checker.commands.target import choose, lesson_of

    course, here, mine = load(), Path.cwd(), workspace()
    if lesson is None and recent:
        last = lesson_of(course, None, here, mine)
        lesson = last.slug if last else None
    return choose(course, lesson, path, here, mine)


def all_done(screen: Screen) -> None:
    """Say that no lesson is left to choose, and what is left of the project."""
    screen.say("Every lesson has passed. To look at one again, name it: `course check 4`.")
    mine = workspace()
    stage = mine.next_stage(load()) if mine else None
    if stage is not None:
        screen.say(f"The project is still to be built: `course check {stage.handle}`.")


def only_lesson(course: Course, name: str) -> Lesson:
    """Find a lesson for a command that takes no stages; raises LessonNotFound, FailedToWork."""
    from checker.stages import Stage

    found = course.find(name)
    if isinstance(found, Stage):
        raise FailedToWork(f"{name} is a stage of the project; name a lesson, such as 4.")
    return found


def open_pool() -> Pool:
    """Open the sandbox. It gets ready while the caller goes on, so open it first."""
    from checker.stage.pool import Pool

    return Pool.open()


def open_own(lesson: Lesson, python: Path) -> Pool:
    """Open a learner's own interpreter, for lesson 1; raises FailedToWork."""
    from checker.stage.pool import Pool
    from checker.stage.sandbox import Sandbox

    if lesson.handle != "1":
        raise FailedToWork("--python is for lesson 1, which checks an installation.")
    return Pool.open(Sandbox("process", python=interpreter(python)))


def interpreter(python: Path) -> Path:
    """Find the program meant by ``python``: itself, or the one of a virtual environment.

    Raises FailedToWork.
    """
    inside = [python / "bin" / "python", python / "Scripts" / "python.exe"]
    for program in inside if python.is_dir() else [python]:
        if program.is_file() and os.access(program, os.X_OK):
            return program.absolute()  # a link must stay one: it is what makes it virtual
    raise FailedToWork(
        f"{python} is not a Python program; name one such as .venv/bin/python, "
        "or the folder of a virtual environment."
    )


def json_option(command: _Command) -> _Command:
    """Add ``--json FILE``, which arrives as ``json_file``."""
    return click.option(
        "--json", "json_file", metavar="FILE", help="Also write the report as JSON (- for here)."
    )(command)


def grade_options(command: _Command) -> _Command:
    """Add what `course grade` can be told besides its folder."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--allow-unsafe", is_flag=True, help="Grade where there is no sandbox."),
        click.option("--no-alike", is_flag=True, help="Do not look for hand-ins that are alike."),
        click.option(
            "--roster",
            metavar="FILE",
            type=path,
            help="The CSV that Canvas or Moodle exported; you get it back with the grades.",
        ),
        click.option(
            "--format",
            "formats",
            multiple=True,
            type=click.Choice(["canvas", "moodle"]),
            help="Also write a gradebook to import there; may be given twice.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(1, 64),
            metavar="N",
            help="Submissions at a time (else two for each processor).",
        ),
        click.option("--lesson", metavar="LESSON", help="Grade this lesson only, such as 4."),
        click.option("--out", required=True, type=path, help="Folder for the results."),
    ):
        command = option(command)
    return command


def report_options(command: _Command) -> _Command:
    """Add one option per report format; they arrive together as ``reports``, format to file."""

    def keep(context: click.Context, option: click.Parameter, value: str | None) -> None:
        files: dict[str, str] = context.params.setdefault("reports", {})
        if value is None:
            return
        if value == "-" and "-" in files.values():
            raise click.UsageError("Only one report can go to standard output (-).")
        files[str(option.name)] = value

    for name, says in reversed(REPORTS.items()):
        command = click.option(
            f"--{name}",
            metavar="FILE",
            expose_value=False,
            callback=keep,
            help=says + (" FILE may be -, for standard output." if name == "json" else ""),
        )(command)
    return command


def write_reports(report: Report, target: Target, files: Mapping[str, str]) -> None:
    """Write each report that was asked for; raises FailedToWork."""
    for name, file in files.items():
        _write(file, _rendered(name, report, target))


def copy_json(source: Path, file: str | None) -> None:
    """Write the JSON report that lies in ``source`` to ``file`` too; raises FailedToWork."""
    if file is not None:
        _write(file, source.read_text("utf-8"))


def _rendered(name: str, report: Report, target: Target) -> str:
    from checker.formats import exercism, gradescope, html, junit, report_json
    from checker.formats.quote import quotes

    (result,) = report.submissions
    if name == "json":
        return report_json.render(report)
    if name == "junit":
        return junit.render(report)
    if name == "exercism":
        return exercism.render(result)
    if name == "gradescope":
        return gradescope.render(result, versions=report.versions, sandbox=report.sandbox)
    lesson = target.lesson
    quoted = quotes(result.checks, target.files())
    return html.render(report, titles={lesson.slug: lesson.title}, quotes=quoted)


def _write(file: str, content: str) -> None:
    from checker.progress import write_atomically

    if file == "-":
        click.echo(content, nl=False)
        return
    path = Path(file)
    try:
        if path.is_dir() or not path.parent.is_dir():
            raise FailedToWork(f"{file} cannot be written: there is no such folder for a file.")
        if path.exists() and not path.is_file():  # a pipe or a device
            path.write_text(content, "utf-8")
        else:
            write_atomically(path, content.encode())
    except OSError as error:
        raise FailedToWork(f"{file} cannot be written: {error.strerror}.") from None
