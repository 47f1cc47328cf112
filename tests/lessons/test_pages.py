"""The pages that are no steps: all there, drawn, linked, and in the course's voice."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from checker.lesson import Page, course_root, load_course, load_page

ROOT = course_root()
PAGES = load_course().pages
DRAWINGS = sorted((ROOT / "pages" / "img").glob("*.svg"))
MODES = ["Learn", "Why", "Deep", "Visual", "Try", "Challenge", "Project", "Recall", "Perf"]
SEED_SUBJECTS = {
    "overview",
    "mental-model",
    "under-the-hood",
    "why-this-design",
    "myths",
    "expert-zone",
    "when-not-to-use",
    "production",
    "connections",
    "pitfalls",
    "troubleshooting",
    "what-changed",
    "key-takeaways",
    "glossary",
}
UNWANTED = re.compile(
    r"\b(just|simply|easy|easily|obviously|of course|powerful|seamless\w*|leverage|robust)\b"
    r"|—|[\U0001F300-\U0001FAFF]|(?<!<)!",
    re.I,
)
CLASSES = {"d-line", "d-box", "d-text", "d-accent", "d-muted", "d-arrow"}
SVG = "{http://www.w3.org/2000/svg}"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
each_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)


def prose_only(text: str) -> str:
    """Return ``text`` without its code blocks, inline code, quoted lines and link targets."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)", "", text)


def spoken(page: Page) -> str:
    """Return everything that a reader of the page reads as prose."""
    parts = [page.title, page.summary, page.prose]
    for question in page.questions:
        parts += [question.prompt, question.explain]
        parts += [part for choice in question.choices for part in (choice.text, choice.because)]
    return prose_only("\n".join(parts))


def test_every_subject_beside_the_steps_has_a_page() -> None:
    assert {page.slug for page in PAGES} >= SEED_SUBJECTS


def test_every_file_is_in_the_order() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.md")} == {page.slug for page in PAGES}


def test_every_quiz_belongs_to_a_page() -> None:
    quizzes = {path.name.split(".")[0] for path in (ROOT / "pages").glob("*.quiz.toml")}
    assert quizzes <= {page.slug for page in PAGES}


def test_the_nine_ways_are_named() -> None:
    modes = load_course().modes
    assert [mode.name for mode in modes] == MODES
    assert all(mode.slug == mode.name.lower() and mode.summary.endswith(".") for mode in modes)


def test_there_are_four_myths() -> None:
    page = load_page(ROOT, "myths")
    assert [question.kind for question in page.questions] == ["myth"] * 4


def test_there_are_nine_corrections() -> None:
    page = load_page(ROOT, "what-changed")
    assert len(re.findall(r"^## \d\. ", page.prose, re.M)) == 9
    assert page.prose.count("**Many say:**") == page.prose.count("**Today:**") == 9


@each_page
def test_each_question_has_one_place(page: Page) -> None:
    placed = re.findall(r"^\{\{ quiz: ([a-z0-9-]+) \}\}$", page.prose, re.M)
    assert sorted(placed) == sorted(question.id for question in page.questions)


@each_page
def test_each_drawing_that_is_shown_exists(page: Page) -> None:
    shown = re.findall(r"\{\{ svg: ([^ ]+) \}\}", page.prose)
    assert set(shown) <= {path.stem for path in DRAWINGS}


@each_page
def test_each_link_leads_somewhere(page: Page) -> None:
    lessons = {lesson.slug for lesson in load_course().lessons}
    pages = {other.slug for other in PAGES}
    for target in re.findall(
        r"\]\(([^)]+)\)", re.sub(r"^```.*?^```", "", page.prose, flags=re.M | re.S)
    ):
        match = re.fullmatch(r"\.\./(?:\.\./lessons/(?P<lesson>[^/]+)|(?P<page>[^/]+))/", target)
        assert match, target
        assert match["lesson"] in lessons if match["lesson"] else match["page"] in pages, target


@each_page
def test_the_voice_is_plain(page: Page) -> None:
    found = UNWANTED.search(spoken(page))
    assert not found, f"{page.slug}: {found and found[0]!r}"


@each_page
def test_each_program_and_text_is_marked(page: Page) -> None:
    for info in re.findall(r"^```(python|js)(.*)$", page.prose, re.M):
        assert re.search(r"\b(run|serve|fails=|quoted=)", info[1]), info


def test_each_drawing_is_shown_once() -> None:
    prose = "\n".join(page.prose for page in PAGES)
    assert DRAWINGS
    for path in DRAWINGS:
        assert prose.count(f"{{{{ svg: {path.stem} }}}}") == 1


@each_drawing
def test_a_drawing_can_be_read_aloud(path: Path) -> None:
    root = ET.parse(path).getroot()
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert description is not None
    assert title.text
    assert len(description.text or "") > 40
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.get("id") == f"{path.stem}-title"


@each_drawing
def test_a_drawing_follows_the_theme_and_fits_a_phone(path: Path) -> None:
    root = ET.parse(path).getroot()
    width = float((root.get("viewBox") or "0 0 0 0").split()[2])
    assert width <= 320
    for element in root.iter():
        assert not element.get("style")
        assert set((element.get("class") or "").split()) <= CLASSES
        for paint in (element.get("fill"), element.get("stroke")):
            assert paint in (None, "none", "currentColor")
        assert float(element.get("font-size") or 12) >= 12
