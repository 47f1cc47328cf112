"""What can be found: the course cut into passages, straight from its Markdown.

Rendering the whole course takes more than a second; this takes milliseconds. The anchors are those
that `webapp.reading.prose` gives to the same headings, and a test compares them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown.extensions.toc import unique

from checker.explain import Trap, traps
from checker.lesson import Course, Lesson, Question
from webapp.reading.prose import anchor

FENCE = re.compile(r"^ *(`{3,}|~{3,})")
HEADING = re.compile(r"^(#{2,4}) +(.+?) *#*$")
BLANK = re.compile(r"\{\w+\}")
TERM = re.compile(r"^(\S[^\n]*)\n((?::   .+\n?)+)", re.M)
CODE = re.compile(r"(`[^`\n]+`)")
LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
MARKS = (
    (re.compile(r"\{\{ *(?:quiz|svg): *[\w-]+ *\}\}"), ""),
    (re.compile(r"</?(?:abbr|br|details|div|figure|section|span|summary)\b[^>\n]*>"), ""),
    (re.compile(r"^\?\?\?\+? +\w+ *|^!!! +\w+ *", re.M), ""),
    (re.compile(r"^\|(?: *:?-+:? *\|)+ *$", re.M), ""),
    (re.compile(r"^\| *| *\|$", re.M), ""),
    (re.compile(r"(?<!\w)(\*\*|__|\*)(?=\S)([^*_\n]+)(?<=\S)\1(?!\w)"), r"\2"),
)
TROUBLESHOOTING, GLOSSARY = "troubleshooting", "glossary"


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing to find. ``secret`` text leads here and is never shown (a hint, for instance)."""

    kind: str
    title: str
    place: str
    url: str
    text: str
    secret: bool = False


def passages(course: Course) -> Iterator[Passage]:
    """Return everything in the course that a search can find."""
    for lesson in course.lessons:
        url, place = f"/lessons/{lesson.slug}/", f"Lesson {lesson.number}: {lesson.title}"
        text = f"{lesson.summary}\n\n{lesson.prose}"
        yield from _sections("Lesson", lesson.title, place, url, text)
        yield from _questions(lesson.questions, place, url)
        yield from _hints(lesson, place, url)
        yield from _checks(lesson, place, url)
    for page in course.pages:
        url, text = f"/pages/{page.slug}/", f"{page.summary}\n\n{page.prose}"
        if page.slug == GLOSSARY:
            yield from _words(page.title, url, page.prose)
        else:
            known = (
                {plain(trap.title) for trap in traps()} if page.slug == TROUBLESHOOTING else set()
            )
            found = _sections("Page", page.title, page.title, url, text)
            yield from (passage for passage in found if passage.title not in known)
        yield from _questions(page.questions, page.title, url)
    yield from _modes(course)
    urls = trap_urls(course)
    for trap in traps():
        told = BLANK.sub("…", f"{trap.cause} {trap.fix} {trap.symptom}")
        text = "\n".join((plain(told), *trap.examples))
        yield Passage("Error", trap.title.replace("`", ""), trap.id, urls.get(trap.id, ""), text)


def trap_urls(course: Course) -> dict[str, str]:
    """Return where each trap is described, by its id; empty without a troubleshooting page."""
    page = next((page for page in course.pages if page.slug == TROUBLESHOOTING), None)
    if page is None:
        return {}
    anchors = {title: name for title, name, _ in cut(page.prose)}
    url = f"/pages/{TROUBLESHOOTING}/"
    titles = {trap.id: plain(trap.title) for trap in traps()}
    return {trap: f"{url}#{anchors[title]}" for trap, title in titles.items() if title in anchors}


def trap_lessons(course: Course, trap: Trap) -> list[Lesson]:
    """Return the lessons that teach what a trap is about."""
    return [lesson for lesson in course.lessons if lesson.number in trap.lessons]


def cut(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Cut a text at its headings: title, anchor and plain text of each section.

    The first has no title and no anchor.
    """
    title, name, body, prose, fence = "", "", list[str](), list[str](), ""
    used: set[str] = set()
    for line in markdown.splitlines():
        mark = FENCE.match(line)
        found = None if fence else HEADING.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            body.append(plain("\n".join(prose)))
            prose = []
        elif fence:
            body.append(line)
        elif found:
            yield title, name, "\n".join([*body, plain("\n".join(prose))]).strip()
            title, body, prose = plain(found[2]), [], []
            name = unique(anchor(title, "-"), used)
        else:
            prose.append(line)
    yield title, name, "\n".join([*body, plain("\n".join(prose))]).strip()


def plain(text: str) -> str:
    """Take Markdown's marks out of a text; what stands between backticks stays as it is."""
    parts = CODE.split(LINK.sub(r"\1", text))
    for pattern, instead in MARKS:
        parts[::2] = [pattern.sub(instead, part) for part in parts[::2]]
    parts[1::2] = [part[1:-1] for part in parts[1::2]]
    return "".join(parts).strip()


def _sections(kind: str, title: str, place: str, url: str, text: str) -> Iterator[Passage]:
    for heading, name, body in cut(text):
        if heading:
            yield Passage(kind, heading, place, f"{url}#{name}", body)
        else:
            yield Passage(kind, title, place, url, body)


def _modes(course: Course) -> Iterator[Passage]:
    """What the modes have to read, besides the lessons and pages that they quote."""
    from webapp.modes.lab import load_lab  # the modes' own package needs the search
    from webapp.modes.scenario import load_scenarios

    for stage in course.stages:
        place, url = f"Project, stage {stage.number}", f"/{stage.slug}/"
        text = f"{stage.summary}\n\n{stage.prose}"
        yield from _sections("Project", stage.title, place, url, text)
    for page in course.mode_pages:
        if page.slug == "why":  # the page of Deep repeats what stands elsewhere
            text = f"{page.summary}\n\n{page.prose}"
            yield from _sections("Page", page.title, "Why", "/why/", text)
            yield from _questions(page.questions, "Why", "/why/")
    lab = load_lab(course)
    if lab is not None:
        yield from _sections("Page", "What gives in first?", "Perf", "/perf/", lab.text)
    for each in load_scenarios(course.root):
        told = " ".join(f"{step.title} {step.sentence} {step.note}" for step in each.steps)
        text = plain(f"{each.summary} {told}")
        yield Passage("Recording", each.title, "Visual", f"/visual/{each.slug}/", text)


def _questions(questions: tuple[Question, ...], place: str, url: str) -> Iterator[Passage]:
    for question in questions:
        prompt = plain(question.prompt)
        yield Passage("Question", prompt, place, f"{url}#q-{question.id}", question.program or "")


def _hints(lesson: Lesson, place: str, url: str) -> Iterator[Passage]:
    for task in lesson.tasks:
        if rungs := lesson.hints.get(task.number):
            title = f"A hint for task {task.number}: {plain(task.title)}"
            yield Passage(
                "Hint", title, place, f"{url}#hints-{task.number}", plain("\n".join(rungs)), True
            )


def _checks(lesson: Lesson, place: str, url: str) -> Iterator[Passage]:
    """What a failed check says leads to its task; what helps stays between check and learner."""
    module = ast.parse((lesson.folder / "checks.py").read_text("utf-8"))
    for function in module.body:
        task = _task(function)
        if isinstance(function, ast.FunctionDef) and task:
            title = " ".join((ast.get_docstring(function) or function.name).split())
            text = "\n".join(_helps(function))
            yield Passage("Check", plain(title), place, f"{url}#task-{task}", text, True)


def _task(function: ast.stmt) -> int:
    """Return the task of a function that is marked as a check; 0 for anything else."""
    for mark in getattr(function, "decorator_list", ()):
        for keyword in getattr(mark, "keywords", ()):
            if keyword.arg == "task":
                return int(ast.literal_eval(keyword.value))
    return 0


def _helps(function: ast.FunctionDef) -> Iterator[str]:
    """Return the texts of ``help=…`` in a function."""
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "help":
            text = getattr(node.value, "value", None)
            if isinstance(text, str):
                yield text


def _words(place: str, url: str, text: str) -> Iterator[Passage]:
    for term, meaning in TERM.findall(text):
        body = plain(re.sub(r"^: +", "", meaning, flags=re.M))
        body = re.sub(r"\s*See [^.]*\.$", "", body)
        yield Passage("Word", plain(term), place, url, body)
