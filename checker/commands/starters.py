"""Starters: given out to a workspace, and one put back in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checker.commands import console
from checker.commands.console import FailedToWork
from checker.commands.screen import relative
from checker.lesson import PROJECT
from checker.stages import Stage
from checker.workspace import Workspace


def give_out(directory: Path | None) -> None:
    """Make a workspace at ``directory``, or complete the one that this is; say what comes next."""
    content = console.load()
    inside = None if directory else console.workspace()
    root = inside.root if inside else directory or Path("my-course")
    started = Workspace.start(root, content)
    screen, where = console.screen(), relative(started.workspace.root)
    if started.added:
        screen.say(f"{_filled(started.added)} ready {'here' if where == '.' else f'in {where}'}.")
    if started.kept:
        screen.say(f"Left as they were: {', '.join(started.kept)}.")
    mine = started.workspace
    first = mine.first_unsolved(content) or mine.next_stage(content)
    if first is not None:
        script = relative(mine.folder(first) / first.open_files[0])
        screen.say("", f"Open {script} in your editor.", "Then:", "")
        if where != ".":
            screen.say(f"    cd {where}")
        screen.say(f"    course check {first.handle}")


def _filled(folders: Sequence[str]) -> str:
    """Say which folders got a starter, as the beginning of a sentence."""
    lessons = sum(name != PROJECT for name in folders)
    noun = "lesson" if lessons == 1 else "lessons"
    if PROJECT not in folders:
        return f"{lessons} {noun} {'is' if lessons == 1 else 'are'}"
    return f"{lessons} {noun} and the project are" if lessons else "The project is"


def put_back(lesson: str | None) -> None:
    """Put a starter back: of ``lesson``, or of the one here; raises FailedToWork."""
    screen, content, workspace = console.screen(), console.load(), console.workspace()
    if workspace is None:
        raise FailedToWork("There is no workspace here; `course start` makes one.")
    inside = workspace.lesson_at(Path.cwd(), content)
    if lesson is None and inside is None:
        raise FailedToWork("Which lesson? Name it, for example `course reset 4`.")
    chosen = content.find(lesson) if lesson else inside
    assert chosen is not None
    backup = workspace.reset(chosen)
    screen.say(f"{chosen.label} is at its starter again.")
    if isinstance(chosen, Stage) and chosen.former is not None:
        screen.say(f"That is our app of stage {chosen.former.number}.")
    if backup is not None:
        screen.say(f"Your files are in {relative(backup)}.")
