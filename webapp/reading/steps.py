"""The order in which the course is read: steps, what is beside each, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for

from webapp.rooms import rooms
from webapp.stores.progress import Standing

READ_FIRST = ("overview", "mental-model")
"""Pages that come before lesson 1, where the course has them."""


@dataclass(frozen=True, slots=True)
class Step:
    """A place in the reading order; ``note`` says what to do there."""

    title: str
    url: str
    note: str = ""


def modes() -> list[Step]:
    """The ways into the course that there are: a mode is there once its blueprint is."""
    ready = {slug: f"{slug}.index" for slug in current_app.blueprints}
    routes = {**ready, "learn": "pages.contents"}
    return [
        Step(mode.name, url_for(routes[mode.slug]), mode.summary)
        for mode in rooms().course.modes
        if mode.slug in routes
    ]


def steps() -> list[Step]:
    """Return all pages and lessons in reading order."""
    course = rooms().course
    others = [(p.slug, Step(p.title, url_for("pages.page", slug=p.slug))) for p in course.pages]
    lessons = [
        Step(f"Lesson {item.number}: {item.title}", url_for("pages.lesson", name=item.slug))
        for item in course.lessons
    ]
    first = [step for slug, step in others if slug in READ_FIRST]
    return first + lessons + [step for slug, step in others if slug not in READ_FIRST]


def neighbours(url: str) -> tuple[Step | None, Step | None]:
    """Return what stands before and after the step at an address."""
    order = steps()
    here = next(number for number, step in enumerate(order) if step.url == url)
    before = order[here - 1] if here else None
    return before, order[here + 1] if here + 1 < len(order) else None


def next_step(standing: Standing) -> Step | None:
    """Return what a learner does next, or None when all is done."""
    if not standing.begun:
        return next(iter(steps()), None)
    if (item := standing.next_lesson) is not None:
        title = f"Lesson {item.lesson.number}: {item.lesson.title}"
        url = url_for("pages.lesson", name=item.lesson.slug)
        task = item.next_task
        if task is None:
            return Step(title, url)
        return Step(title, f"{url}#task-{task.number}", f"Task {task.number}: {task.title}")
    unread = (item for item in standing.pages if item.page.questions and item.state != "done")
    if (rest := next(unread, None)) is not None:
        url = url_for("pages.page", slug=rest.page.slug)
        return Step(rest.page.title, url, "All lessons are done. Some questions are left here.")
    return None
