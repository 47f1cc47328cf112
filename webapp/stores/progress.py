"""How far a learner is, and the next thing to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from checker.lesson import Course, Lesson, Page
from checker.report import SubmissionResult
from checker.workspace import Workspace
from webapp.stores.store import Answer, Reached, Store

State = Literal["new", "started", "done"]
Witness: TypeAlias = Callable[[int, SubmissionResult, str], None]
NOTHING = Reached(None, frozenset())


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task of a lesson."""

    number: int
    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class LessonState:
    """One lesson as the contents page shows it."""

    lesson: Lesson
    state: State
    tasks: tuple[TaskState, ...]

    @property
    def next_task(self) -> TaskState | None:
        """The first task that is not done."""
        return next((task for task in self.tasks if not task.done), None)


@dataclass(frozen=True, slots=True)
class PageState:
    """One other page: how many of its questions are answered."""

    page: Page
    answered: int

    @property
    def state(self) -> State:
        """Done with all questions answered; a page without questions stays as it is."""
        if not self.answered:
            return "new"
        return "done" if self.answered >= len(self.page.questions) else "started"


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's whole progress."""

    lessons: tuple[LessonState, ...]
    pages: tuple[PageState, ...]

    @property
    def lessons_done(self) -> int:
        """How many lessons have passed."""
        return sum(item.state == "done" for item in self.lessons)

    @property
    def tasks_done(self) -> int:
        """How many tasks are done, of `tasks_all`."""
        return sum(task.done for item in self.lessons for task in item.tasks)

    @property
    def tasks_all(self) -> int:
        """How many tasks the course has."""
        return sum(len(item.tasks) for item in self.lessons)

    @property
    def begun(self) -> bool:
        """Whether anything has been done at all."""
        states = [item.state for item in self.lessons] + [item.state for item in self.pages]
        return any(state != "new" for state in states)

    @property
    def next_lesson(self) -> LessonState | None:
        """The first lesson that is not done."""
        return next((item for item in self.lessons if item.state != "done"), None)

    def of(self, lesson: Lesson) -> LessonState:
        """Return one lesson's state."""
        return next(item for item in self.lessons if item.lesson.slug == lesson.slug)


@dataclass(frozen=True, slots=True)
class Progress:
    """What learners reached: in the store, and in the workspace's own file if there is one."""

    course: Course
    store: Store
    workspace: Workspace | None = None
    witness: Witness | None = None
    """Who writes down a pass, and what it was checked with."""

    def standing(self, learner: int | None) -> Standing:
        """Return a learner's whole progress; None is someone who has done nothing yet."""
        reached = self._reached(learner)
        answers = self.store.answers(learner) if learner is not None else {}
        return Standing(
            tuple(_lesson_state(item, reached, answers) for item in self.course.lessons),
            tuple(_page_state(page, answers) for page in self.course.pages),
        )

    def state(self, learner: int | None, work: Lesson) -> LessonState:
        """Return how far a learner is in one lesson, or in another work."""
        answers = self.store.answers(learner) if learner is not None else {}
        return _lesson_state(work, self._reached(learner), answers)

    def record(self, learner: int, result: SubmissionResult, seal: str) -> None:
        """Keep a finished run."""
        self.store.add_run(learner, result.lesson, result.to_json(), seal)
        if self.witness is not None and result.status == "passed":
            self.witness(learner, result, seal)
        if (workspace := self._workspace_of(result.lesson)) is not None:
            workspace.record(result)

    def hints(self, learner: int | None, lesson: Lesson) -> dict[int, int]:
        """Return how many hints are shown, by task."""
        shown = self.store.hints(learner, lesson.slug) if learner is not None else {}
        if (workspace := self._workspace_of(lesson.slug)) is not None:
            for task, rungs in workspace.progress().of(lesson.slug).hints.items():
                shown[task] = max(rungs, shown.get(task, 0))
        return shown

    def show_hint(self, learner: int, lesson: Lesson, task: int) -> int:
        """Show one more hint of a task; return how many are shown."""
        most = len(lesson.hints.get(task, ()))
        known = self.hints(learner, lesson).get(task, 0)
        shown = self.store.show_hint(learner, lesson.slug, task, min(known + 1, most))
        if (workspace := self._workspace_of(lesson.slug)) is not None and shown:
            workspace.record_hint(lesson, task, shown)
        return shown

    def passed(self, learner: int | None, lesson: Lesson) -> bool:
        """Whether all checks of the lesson have passed at least once."""
        return self._reached(learner).get(lesson.slug, NOTHING).passed is not None

    def ask_solution(self, learner: int, lesson: Lesson) -> int:
        """Count one more request for the solution; return how many there were."""
        if (workspace := self._workspace_of(lesson.slug)) is not None:
            return workspace.record_solution_asked(lesson).solution_asked
        return self.store.ask_solution(learner, lesson.slug)

    def _workspace_of(self, slug: str) -> Workspace | None:
        """Return the workspace, if it has a folder for this work: it holds lessons only."""
        return self.workspace if any(slug == item.slug for item in self.course.lessons) else None

    def _reached(self, learner: int | None) -> dict[str, Reached]:
        reached = self.store.reached(learner) if learner is not None else {}
        if self.workspace is not None:
            for slug, entry in self.workspace.progress().lessons.items():
                if entry.attempts:
                    known = reached.get(slug, NOTHING)
                    passed = known.passed or (0.0 if entry.solved else None)
                    reached[slug] = Reached(passed, known.tasks)
        return reached


def _lesson_state(
    lesson: Lesson, reached: Mapping[str, Reached], answers: Mapping[str, Mapping[str, Answer]]
) -> LessonState:
    mine = reached.get(lesson.slug, NOTHING)
    done = mine.passed is not None
    tasks = tuple(
        TaskState(task.number, task.title, done or task.number in mine.tasks)
        for task in lesson.tasks
    )
    if done:
        return LessonState(lesson, "done", tasks)
    begun = lesson.slug in reached or lesson.slug in answers
    return LessonState(lesson, "started" if begun else "new", tasks)


def _page_state(page: Page, answers: Mapping[str, Mapping[str, Answer]]) -> PageState:
    known = {question.id for question in page.questions}
    return PageState(page, len(known & answers.get(page.slug, {}).keys()))
