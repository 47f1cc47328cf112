"""The modes' own texts keep the promises of the other pages. (`test_audit` runs their programs.)"""

from __future__ import annotations

import re

import pytest

from checker.lesson import Page, load_course
from tests.lessons.test_pages import UNWANTED, spoken

PAGES = load_course().mode_pages
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)


def test_why_and_deep_have_a_text() -> None:
    assert {"why", "deep"} <= {page.slug for page in PAGES}


@each_page
def test_the_voice_is_plain(page: Page) -> None:
    found = UNWANTED.search(spoken(page))
    assert not found, f"{page.slug}: {found and found[0]!r}"


@each_page
def test_each_question_has_one_place(page: Page) -> None:
    placed = re.findall(r"^\{\{ quiz: ([a-z0-9-]+) \}\}$", page.prose, re.M)
    assert sorted(placed) == sorted(question.id for question in page.questions)


@each_page
def test_each_program_is_marked(page: Page) -> None:
    for info in re.findall(r"^```(python|js)(.*)$", page.prose, re.M):
        assert re.search(r"\b(run|serve|fails=|quoted=)", info[1]), info
