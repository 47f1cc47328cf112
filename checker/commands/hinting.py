"""Hints and solutions: which one is next, and how it looks on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.commands.screen import Screen, line
from checker.lesson import Lesson
from checker.progress import LessonProgress


class HintError(Exception):
    """There is no such hint. The text is one clear sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung: ``number`` of ``total``, for a task of a lesson. ``text`` is Markdown."""

    lesson: Lesson
    task: int
    number: int
    total: int
    text: str

    @property
    def heading(self) -> str:
        """The line above the hint. How many there are is not said: who knows, goes to the last."""
        title = next((task.title for task in self.lesson.tasks if task.number == self.task), "")
        where = f"{self.lesson.label}, task {self.task}: {title}"
        return f"{where} (hint {self.number})"


def next_hint(
    lesson: Lesson, progress: LessonProgress, task: int | None = None, rung: int | None = None
) -> Hint:
    """Choose the hint to show: the next rung for the task that is in the way.

    ``task`` and ``rung`` (from 1) override the choice. After the last rung comes the last again.
    Raises HintError.
    """
    if not lesson.hints:
        raise HintError(f"{lesson.label} has no hints.")
    number = task or progress.failing_task or min(lesson.hints)
    rungs = lesson.hints.get(number)
    if not rungs:
        known = ", ".join(map(str, sorted(lesson.hints)))
        raise HintError(
            f"{lesson.label} has no hints for a task {number}; there are some for {known}."
        )
    if rung is not None and not 1 <= rung <= len(rungs):
        raise HintError(f"Task {number} has hints 1 to {len(rungs)}; there is no hint {rung}.")
    chosen = rung or min(progress.hints.get(number, 0) + 1, len(rungs))
    return Hint(lesson, number, chosen, len(rungs), rungs[chosen - 1])


def show_hint(hint: Hint, screen: Screen) -> None:
    """Show a hint; its Markdown is laid out on a terminal and left as it is elsewhere."""
    screen.say(line(hint.heading, "bold"), "")
    if screen.rich:
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(hint.text, code_theme="ansi_dark"))
    else:
        screen.say(hint.text)


def after_hint(hint: Hint, *, remembered: bool, named: bool) -> str:
    """Say how to go on after ``hint``: what is not ``remembered``, or was ``named``, is said."""
    command = f"course hint {hint.lesson.handle}"
    if hint.number == hint.total:
        return f"That was the last hint. The solution: `course solution {hint.lesson.handle}`."
    if not remembered:
        command += f" --task {hint.task} --number {hint.number + 1}"
    elif named:
        command += f" --task {hint.task}"
    return f"One more: `{command}`."


def show_files(files: Mapping[str, bytes], screen: Screen) -> None:
    """Show the files of a solution, coloured on a terminal."""
    for name, data in sorted(files.items()):
        screen.say(line(f"--- {name} ---", "bold"))
        content = data.decode("utf-8", "replace").rstrip("\n")
        if screen.rich:
            from rich.console import Console
            from rich.syntax import Syntax

            lexer = Syntax.guess_lexer(name, content)
            Console().print(Syntax(content, lexer, theme="ansi_dark", background_color="default"))
        else:
            screen.say(content)
        screen.say("")
