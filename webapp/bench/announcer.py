"""Tells a learner's open pages what happens."""

from __future__ import annotations

from collections.abc import Mapping

from flask_socketio import SocketIO

from checker.report import Json, SubmissionResult
from webapp.bench.runs import Run, Watcher
from webapp.files import Files, texts
from webapp.stores.progress import Progress


def room_of(learner: int, lesson: str) -> str:
    """Return the Socket.IO room of all of a learner's pages that show this lesson."""
    return f"{learner}/{lesson}"


class Announcer(Watcher):
    """Passes on a run's news, keeps its result, and shows files that were changed elsewhere."""

    def __init__(self, socketio: SocketIO, progress: Progress) -> None:
        self._socketio, self._progress = socketio, progress

    def happened(self, run: Run, number: int, event: Mapping[str, Json]) -> None:
        """Pass on event ``number`` of a run."""
        room = room_of(run.learner, run.lesson.slug)
        self._socketio.emit("run", {"id": run.id, "number": number, "event": event}, to=room)

    def finished(self, run: Run, result: SubmissionResult) -> None:
        """Keep a run's result, and tell how far the learner is now."""
        self._progress.record(run.learner, result, run.seal)
        state = self._progress.state(run.learner, run.lesson)
        tasks = [task.number for task in state.tasks if task.done]
        room = room_of(run.learner, run.lesson.slug)
        self._socketio.emit("progress", {"state": state.state, "tasks": tasks}, to=room)

    def files_changed(self, learner: int, lesson: str, files: Files, skip: str | None) -> None:
        """Show a lesson's files to all pages but the one that changed them."""
        shown = texts(files)
        message = {"files": shown, "binary": sorted(files.keys() - shown)}
        self._socketio.emit("files", message, to=room_of(learner, lesson), skip_sid=skip)

    def files_refused(self, learner: int, lesson: str, why: str) -> None:
        """Tell all pages that show a lesson why its files cannot be read."""
        self._socketio.emit("trouble", {"error": why}, to=room_of(learner, lesson))
