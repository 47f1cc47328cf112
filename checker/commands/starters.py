"""Starters: given out to a workspace, and one put back in its place."""

from __future__ import annotations

from pathlib import Path

from checker.commands import console
from checker.commands.console import FailedToWork
from checker.commands.screen import relative
from checker.workspace import Workspace


def give_out(directory: Path | None) -> None:
    """Make a workspace at ``directory``, or complete the one that this is; say what comes next."""
    content = console.load()
    inside = None if directory else console.workspace()
    root = inside.root if inside else directory or Path("my-course")
    started = Workspace.start(root, content)
    screen, where = console.screen(), relative(started.workspace.root)
    if started.added:
        screen.say(f"{len(started.added)} lessons are ready in {where}.")
    if started.kept:
        screen.say(f"Left as they were: {', '.join(started.kept)}.")
    first = started.workspace.first_unsolved(content)
    if first is not None:
        script = relative(started.workspace.folder(first) / first.open_files[0])
        screen.say("", f"Open {script} in your editor.", "Then:", "")
        screen.say(f"    cd {where}", f"    course check {first.number}")


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
    screen.say(f"Lesson {chosen.number} is at its starter again.")
    if backup is not None:
        screen.say(f"Your files are in {relative(backup)}.")
