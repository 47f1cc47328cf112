"""What a run comes to, written for people and programs: gradebook, report and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from checker.classroom import Classroom, Column, Tally
from checker.formats import gradebook, html, lms, report_json
from checker.formats.roster import Roster
from checker.grading import alike, outbox
from checker.grading.intake import Handin
from checker.grading.journal import Entry
from checker.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Options:
    """What is wanted besides the reports that everyone gets.

    ``formats`` are of `lms.FORMATS`; a ``roster`` says by itself which of them it is for.
    """

    formats: Sequence[str] = ()
    roster: Roster | None = None
    look_alike: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the class, who is not in the roster, how often hand-ins are alike."""

    classroom: Classroom
    unmatched: tuple[str, ...]
    alike: int | None


@dataclass(frozen=True)
class Reports:
    """Writes the results of one run to the folder ``out``, one submission at a time."""

    out: Path
    lessons: Sequence[Lesson]
    versions: Mapping[str, str]
    sandbox: str
    say: Callable[[str], None]

    def write(
        self,
        entries: Callable[[], Iterator[Entry]],
        handins: Sequence[Handin],
        options: Options,
    ) -> Written:
        """Write everything; raises OSError.

        ``entries`` yields all results, by learner and in the order of the course, each time that
        it is called.
        """
        columns = [column_of(lesson) for lesson in self.lessons]
        classroom = _classroom(columns, entries())
        results = (entry.result for entry in entries())
        pieces = report_json.pieces(self.versions, self.sandbox, results)
        outbox.write(self.out / "report.json", pieces)
        book = gradebook.render(classroom, self.sandbox)
        outbox.write(self.out / "gradebook.csv", [book])
        unmatched = self._export(classroom, options)
        self.say("Writing the pages …")
        paper = html.Paper(columns, self.versions, self.sandbox)
        self._write_learners(self.out / "learners", paper, entries())
        outbox.write(self.out / "index.html", [paper.index(classroom, outbox.page_name)])
        look = self._look_alike(paper, handins, options)
        if look is not None:
            index = paper.index(classroom, outbox.page_name, alike=look)
            outbox.write(self.out / "index.html", [index])
        return Written(classroom, unmatched, look)

    def _export(self, classroom: Classroom, options: Options) -> tuple[str, ...]:
        """Write what learning platforms import; return who is not in the roster."""
        exports = [lms.plain(name, classroom) for name in options.formats]
        if options.roster is not None:
            exports.append(lms.filled(classroom, options.roster))
        names = {export.name: export for export in exports}
        for name, export in names.items():
            outbox.write(self.out / name, [export.content])
        return tuple(name for export in names.values() for name in export.unmatched)

    def _look_alike(
        self, paper: html.Paper, handins: Sequence[Handin], options: Options
    ) -> int | None:
        alike.remove(self.out)
        if not options.look_alike:
            return None
        self.say("Looking for hand-ins that are alike …")
        seen = alike.write(self.out, self.lessons, handins, paper)
        return sum(len(one.clusters) for one in seen)

    @staticmethod
    def _write_learners(folder: Path, paper: html.Paper, entries: Iterator[Entry]) -> None:
        folder.mkdir(exist_ok=True)
        written: set[str] = set()
        for learner, group in groupby(entries, key=lambda entry: entry.learner):
            name = outbox.page_name(learner)
            results = [(entry.result, entry.quotes) for entry in group]
            outbox.write(folder / name, [paper.learner(learner, results)])
            written.add(name)
        outbox.remove_others(folder, written)


def _classroom(columns: Sequence[Column], entries: Iterator[Entry]) -> Classroom:
    tally = Tally(columns)
    for entry in entries:
        tally.add(entry.result)
    return tally.classroom()


def column_of(lesson: Lesson) -> Column:
    """Return a lesson as a column of the gradebook."""
    points = sum(check.points for check in lesson.checks())
    return Column(lesson.slug, f"{lesson.number}. {lesson.title}", points)
