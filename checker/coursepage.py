"""A page of the course that is no step: a title, a summary, prose, and perhaps questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from checker.coursefile import CourseError, read_prose
from checker.quiz import Question, read_questions, require_placed


@dataclass(frozen=True)
class Page:
    """A page that is no step. ``prose`` is Markdown without the title and the summary."""

    path: Path
    slug: str
    title: str
    summary: str
    prose: str
    questions: tuple[Question, ...]


def load_page(root: Path, slug: str, folder: str = "pages") -> Page:
    """Read one page that is no step: a title line, a summary paragraph, prose."""
    path = root / folder / f"{slug}.md"
    text = read_prose(path, root)
    match = re.match(r"# (.+)\n+((?:.+\n)+)", text)
    if not match:
        raise CourseError(f"{folder}/{path.name} must begin with a title and a summary paragraph.")
    questions = read_questions(path.with_name(f"{slug}.quiz.toml"), optional=True)
    require_placed(path, text, questions)
    summary = " ".join(match[2].split())
    return Page(path, slug, match[1].strip(), summary, text[match.end() :], questions)
