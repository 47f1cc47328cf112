"""The real course: every page is served, and every link on it leads somewhere."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from checker.lesson import load_course
from checker.run import Pool
from tests.webapp.site import ASSETS, visitor
from webapp.app import close, create_app
from webapp.config import Config

pytestmark = pytest.mark.long

LESSONS = Path(__file__).parents[2] / "lessons"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Iterator[FlaskClient]:
    config = Config(f"sqlite:///{tmp_path_factory.mktemp('links') / 'c.sqlite3'}")
    site = create_app(config, course=load_course(LESSONS), assets=ASSETS, pool=pool)
    yield visitor(site)
    close(site)


def test_every_link_leads_somewhere(real: FlaskClient) -> None:
    pages: dict[str, LexborHTMLParser] = {}
    waiting = ["/"]
    links: list[tuple[str, str]] = []
    while waiting:
        path = waiting.pop()
        response = real.get(path)
        assert response.status_code == 200, f"{path} {response.status_code} {links[-1:]}"
        pages[path] = LexborHTMLParser(response.text)
        for node in pages[path].css("a[href]"):
            target = urlsplit(urljoin(path, node.attributes["href"] or ""))
            assert not target.netloc, f"{path} leads away to {target.netloc}"
            links.append((path, target.geturl()))
            if target.path not in pages and target.path not in waiting:
                waiting.append(target.path)
    assert len(pages) > 15
    for source, link in links:
        path, _, anchor = link.partition("#")
        if anchor:
            ids = {node.attributes["id"] for node in pages[path].css("[id]")}
            assert anchor in ids, f"{source} leads to {link}, and nothing there has that name"


def test_no_page_shows_what_should_have_been_replaced(real: FlaskClient) -> None:
    course = load_course(LESSONS)
    for path in [f"/lessons/{item.slug}/" for item in course.lessons] + [
        f"/pages/{item.slug}/" for item in course.pages
    ]:
        tree = LexborHTMLParser(real.get(path).text)
        for node in tree.css("pre, code"):
            node.decompose()
        text = tree.body.text() if tree.body else ""
        assert "{{" not in text, path
        assert "```" not in text, path
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len(set(ids)), path
