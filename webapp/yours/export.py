"""A portfolio as one JSON file: written, and read back as what a stranger may have made.

What is read is bounded and checked against the course; right and wrong are decided anew, and what
this course does not have is left out. The first thing that cannot be is named in one sentence.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from checker.lesson import Course, Lesson, LessonNotFound, Question
from webapp.bench.works import Works
from webapp.config import Config
from webapp.files import BadName, as_text, check_name
from webapp.stores.portfolio import Coming, Given, Key, Portfolio, Proof, Work
from webapp.yours.untrusted import (
    BadExport,
    bytes_of,
    count,
    entries_of,
    is_a,
    memory_of,
    moment,
    numbered,
    texts_of,
)

FORMAT, SCHEMA = "flask-socketio-course", 1
MOST_BYTES = 8 * 1024 * 1024
TOO_LARGE = f"The file is larger than {MOST_BYTES // 2**20} MB, the most that is read."


@dataclass(frozen=True, slots=True)
class Export:
    """What a file held. ``left_out`` names what this course does not have."""

    portfolio: Portfolio
    at: float
    versions: Mapping[str, str]
    left_out: tuple[str, ...] = ()


# ---------------------------------------------------------------- writing


def write(portfolio: Portfolio, course: Course, versions: Mapping[str, str], at: float) -> bytes:
    """Return the file: JSON, indented, so that it can be read and compared."""
    document = {
        "format": FORMAT,
        "schema": SCHEMA,
        "course": course.title,
        "exported": _moment(at),
        "versions": dict(versions),
        "lessons": {slug: _work(work) for slug, work in portfolio.works.items()},
        "answers": [
            {"place": place, "question": question, "choice": given.choice, "at": _moment(given.at)}
            for (place, question), given in sorted(portfolio.answers.items())
        ],
        "recall": [
            {
                "place": place,
                "question": question,
                "due": _moment(card.due),
                "memory": None if card.memory is None else dict(card.memory),
            }
            for (place, question), card in sorted(portfolio.cards.items())
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _work(work: Work) -> dict[str, Any]:
    found: dict[str, Any] = {"started": _moment(work.started)}
    if work.passed is not None:
        found["passed"] = _moment(work.passed)
    if work.solution_asked:
        found["solution_asked"] = work.solution_asked
    if work.tasks:
        found["tasks"] = {str(task): _moment(at) for task, at in sorted(work.tasks.items())}
    if work.hints:
        found["hints"] = {str(task): shown for task, shown in sorted(work.hints.items())}
    if work.files is not None:
        found["files"] = {name: _content(data) for name, data in sorted(work.files.items())}
    if work.proof is not None:
        proof = work.proof
        found["proof"] = {
            "at": _moment(proof.at),
            "checks": proof.checks,
            "points": proof.points,
            "max_points": proof.max_points,
            "async_mode": proof.async_mode,
            "digest": proof.digest,
            "versions": dict(proof.versions),
            "sandbox": proof.sandbox,
            "imported": proof.imported,
        }
    return found


def _content(data: bytes) -> str | dict[str, str]:
    text = as_text(data)
    if text is not None and text.encode() == data:
        return text
    return {"base64": b64encode(data).decode()}


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


# ---------------------------------------------------------------- reading


def read(content: bytes, course: Course, works: Works, config: Config, *, own: bool) -> Export:
    """Read a file; raises BadExport. ``own``: we wrote it, so its passes were checked here."""
    document = _parse(content)
    reader = _Reader(course, works, config, own)
    return Export(
        Portfolio(
            reader.works_of(document), reader.answers_of(document), reader.cards_of(document)
        ),
        moment(document, "exported", "the file"),
        texts_of(document.get("versions", {}), "versions"),
        tuple(dict.fromkeys(reader.left_out)),
    )


def _parse(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise BadExport(TOO_LARGE)
    try:
        document = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise BadExport("The file is not JSON; choose the file that the export gave you.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadExport("The file is no export of this course; choose the one it gave you.")
    if document.get("schema") != SCHEMA:
        raise BadExport(
            f"The file has the form {document.get('schema')!r:.20}, and this course reads form "
            f"{SCHEMA}; use the version of the course that wrote it."
        )
    return document


class _Reader:
    """Reads the parts of one document, and remembers what it left out."""

    def __init__(self, course: Course, works: Works, config: Config, own: bool) -> None:
        self._course, self._works, self._config, self._own = course, works, config, own
        self.left_out: list[str] = []

    def works_of(self, document: Mapping[str, Any]) -> dict[str, Work]:
        entries = entries_of(document.get("lessons", {}), "lessons", dict)
        return {lesson.slug: work for lesson, work in self._known(entries)}

    def _known(self, entries: Mapping[str, Any]) -> Iterator[tuple[Lesson, Work]]:
        for slug, entry in entries.items():
            try:
                lesson = self._works.find(slug)
            except LessonNotFound:
                self.left_out.append(f"the lesson {slug[:60]}")
                continue
            yield lesson, self._work(lesson, entry, f"lessons, {slug}")

    def _work(self, lesson: Lesson, entry: Any, where: str) -> Work:
        entry = is_a(dict, entry, where)
        tasks = {task.number for task in lesson.tasks}
        done = numbered(entry.get("tasks", {}), f"{where}, tasks")
        shown = numbered(entry.get("hints", {}), f"{where}, hints")
        passed = moment(entry, "passed", where) if entry.get("passed") is not None else None
        return Work(
            started=moment(entry, "started", where),
            passed=passed,
            solution_asked=count(entry.get("solution_asked", 0), f"{where}, solution_asked"),
            tasks={n: moment(done, n, f"{where}, tasks") for n in done.keys() & tasks},
            hints={
                task: min(count(shown[task], f"{where}, hints"), len(lesson.hints[task]))
                for task in shown.keys() & lesson.hints.keys()
            },
            files=self._files(entry["files"], f"{where}, files") if "files" in entry else None,
            proof=self._proof(entry, passed, where),
        )

    def _files(self, entry: Any, where: str) -> dict[str, bytes]:
        entries = entries_of(entry, where, dict)
        if len(entries) > self._config.files:
            raise BadExport(f"In {where} are more than {self._config.files} files.")
        return {name: self._file(name, content, where) for name, content in entries.items()}

    def _file(self, name: str, content: Any, where: str) -> bytes:
        try:
            check_name(name)
        except BadName as problem:
            raise BadExport(f"In {where} is the name {name[:60]!r}. {problem}") from None
        data = bytes_of(content, f"{where}, {name}")
        if len(data) > self._config.file_bytes:
            most = self._config.file_bytes // 1024
            raise BadExport(f"In {where}, {name} is larger than {most} kB.")
        return data

    def _proof(self, entry: Mapping[str, Any], passed: float | None, where: str) -> Proof | None:
        if passed is None:
            return None
        if entry.get("proof") is None:
            return None if self._own else Proof(at=passed, imported=True)
        where = f"{where}, proof"
        proof = is_a(dict, entry["proof"], where)
        mode = proof.get("async_mode")
        return Proof(
            at=moment(proof, "at", where),
            checks=count(proof.get("checks"), f"{where}, checks"),
            points=count(proof.get("points"), f"{where}, points"),
            max_points=count(proof.get("max_points"), f"{where}, max_points"),
            async_mode=None if mode is None else is_a(str, mode, f"{where}, async_mode")[:40],
            digest=is_a(str, proof.get("digest"), f"{where}, digest")[:64],
            versions=texts_of(proof.get("versions"), f"{where}, versions"),
            sandbox=is_a(str, proof.get("sandbox"), f"{where}, sandbox")[:20],
            imported=not self._own or proof.get("imported") is True,
        )

    def answers_of(self, document: Mapping[str, Any]) -> dict[Key, Given]:
        questions = self._questions()
        found: dict[Key, Given] = {}
        for entry in entries_of(document.get("answers", []), "answers", list):
            entry = is_a(dict, entry, "answers")
            place = is_a(str, entry.get("place"), "answers, place")
            name = is_a(str, entry.get("question"), "answers, question")
            choice = count(entry.get("choice"), "answers, choice")
            question = questions.get((place, name))
            if question is None or choice >= len(question.choices):
                self.left_out.append(f"the answer to {name[:60]}")
                continue
            right = question.choices[choice].right
            found[place, name] = Given(choice, right, moment(entry, "at", "answers"))
        return found

    def cards_of(self, document: Mapping[str, Any]) -> dict[Key, Coming]:
        questions = self._questions()
        found: dict[Key, Coming] = {}
        for entry in entries_of(document.get("recall", []), "recall", list):
            entry = is_a(dict, entry, "recall")
            place = is_a(str, entry.get("place"), "recall, place")
            name = is_a(str, entry.get("question"), "recall, question")
            if (place, name) in questions:
                memory = memory_of(entry.get("memory"))
                found[place, name] = Coming(moment(entry, "due", "recall"), memory)
        return found

    def _questions(self) -> dict[Key, Question]:
        course = self._course
        known = {(each.slug, q.id): q for each in course.lessons for q in each.questions}
        return known | {(each.slug, q.id): q for each in course.pages for q in each.questions}
