"""The Deep mode: the whole story on one page, quoted and not copied."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import CourseError, load_course
from tests.webapp.site import post, visitor
from webapp.modes.quotation import Source, compose, sources

SEED = (
    *("Overview", "The mental model", "Under the hood", "Why it is designed this way"),
    *("Four myths", "Expert zone", "When not to use it", "In production"),
    *("Connections to other subjects", "Common pitfalls", "Key takeaways"),
)
KNOWN = {
    "tale": Source(
        "Before all.\n\n## One\n\nFirst, [see](../other/).\n\n{{ quiz: who }}\n\n"
        "```python run\n## no heading, [no](link)\n```\n\n### Inner\n\nDeeper.\n\n"
        "## 2. Two\n\nSecond.\n",
        "/pages/tale/",
    )
}


@pytest.fixture
def reader(real_site: Flask) -> FlaskClient:
    return visitor(real_site)


class Ids(HTMLParser):
    """Collects the ids and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if tag == "a":
            self.links.append(str(named.get("href")))


def test_all_of_the_story_is_there(reader: FlaskClient) -> None:
    page = reader.get("/deep/").text
    headings = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    steps = [text for text in headings if text.startswith("Step ")]
    assert [text.split(":")[0] for text in steps] == [f"Step {number}" for number in range(1, 8)]
    assert set(SEED) <= set(headings)
    corrected = re.findall(r'<h3 id="(corrected-[^"]+)"', page)
    assert len(corrected) == 9
    listed = re.findall(r'<li>\s*<a href="#(corrected-[^"]+)"', page)
    assert listed == corrected, "all nine are told at the beginning, in order"
    assert len(re.findall(r'<h3 id="myth-\d', page)) == 4
    assert "{{" not in page


def test_no_name_is_there_twice_and_each_link_leads_somewhere(reader: FlaskClient) -> None:
    found = Ids(reader.get("/deep/").text)
    assert sorted(found.ids) == sorted(set(found.ids))
    for link in set(found.links):
        path, _, fragment = link.partition("#")
        if not path:
            assert fragment in found.ids, link
        elif not path.startswith("http"):
            assert reader.get(path.replace("../", "/")).status_code == 200, link


def test_an_answer_comes_back_to_the_page_and_counts_elsewhere(reader: FlaskClient) -> None:
    assert "The reality, once you have committed" in reader.get("/deep/").text
    back = post(reader, "/deep/answers/myths/myth-forever", choice=0)
    assert back.headers["Location"] == "/deep/#q-myth-forever"
    assert reader.get("/deep/").text.count("You chose:") == 1
    assert reader.get("/pages/myths/").text.count("You chose:") == 1
    assert post(reader, "/deep/answers/myths/nothing", choice=0).status_code == 404


def test_a_course_without_the_text_has_no_such_page(site: Flask) -> None:
    assert visitor(site).get("/deep/").status_code == 404


def test_a_section_is_quoted_with_all_below_it() -> None:
    assert compose("{{ include: tale#one }}", KNOWN) == (
        "First, [see](../pages/other/).\n\n{{ quiz: tale--who }}\n\n"
        "```python run\n## no heading, [no](link)\n```\n\n### Inner\n\nDeeper."
    )
    assert compose("{{ include: tale#2- }}", KNOWN) == "Second."


def test_a_whole_page_comes_one_level_lower() -> None:
    whole = compose("{{ include: tale }}", KNOWN)
    assert re.findall(r"^#+ .*$", whole, re.M) == [
        *("### One", "## no heading, [no](link)", "#### Inner", "### 2. Two")
    ]


def test_a_question_may_be_left_out_or_asked_alone() -> None:
    assert "quiz" not in compose("{{ include: tale#one without who }}", KNOWN)
    assert compose("{{ ask: tale/who }}", KNOWN) == "{{ quiz: tale--who }}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{{ include: nothing }}", "There is no page or lesson 'nothing' to include."),
        ("{{ include: tale#three }}", "tale has no heading 'three' to include."),
    ],
)
def test_what_is_not_there_cannot_be_quoted(line: str, message: str) -> None:
    with pytest.raises(CourseError, match=re.escape(message)):
        compose(line, KNOWN)


def test_pages_and_lessons_can_be_quoted() -> None:
    course = load_course()
    known = sources(course)
    assert known.keys() == {page.slug for page in course.pages} | {
        lesson.slug for lesson in course.lessons
    }
