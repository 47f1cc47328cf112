"""Grade lesson 4 with the real checker: ``python -m tests.checker.real_grading CLASS OUT``."""

import sys
from pathlib import Path

from checker.grade import Graded, Step, grade
from checker.lesson import Course, load_lesson

LESSONS = Path(__file__).parents[2] / "lessons"


def course() -> Course:
    """The course's fourth lesson, alone."""
    lesson = load_lesson(LESSONS / "04-event-handlers")
    return Course(LESSONS, "Course", "One lesson.", (), (), (lesson,))


def make_class(root: Path, size: int) -> Path:
    """Hand in the solution, the starter and every mistake, in turn, as ``size`` learners."""
    lesson = course().lessons[0]
    variants = [lesson.solution(), lesson.starter(), *(one.files for one in lesson.mistakes())]
    for number in range(size):
        for name, data in variants[number % len(variants)].items():
            path = root / f"learner{number:02}" / "4" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return root


def run(directory: Path, out: Path) -> Graded:
    """Grade, and print a line per step."""

    def say(step: Step) -> None:
        print(step.done, step.learner, step.status, flush=True)

    return grade(directory, out, course=course(), progress=say, allow_unsafe=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
