"""What the browser is given to keep: the reading pages of a newcomer, and nothing of anyone's."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import Course
from tests.webapp.conftest import MakeSite
from tests.webapp.site import GREETING, post, rooms_of, visitor
from webapp.guard import READER
from webapp.reading import offline


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name, size in (("page.js", 10), ("editor.js", 900_000), ("site.css", 10), ("a.txt", 1)):
        (folder / name).write_text("x" * size)
    (folder / "worker.js").write_text("work();")
    monkeypatch.setattr(offline, "DIST", folder)
    return folder


def settings(client: FlaskClient) -> dict[str, list[str]]:
    text = client.get("/service-worker.js").text
    found = re.match(r"const COURSE = (\{.*\});\nwork\(\);", text)
    assert found, text[:200]
    return dict(json.loads(found[1]))


def test_the_worker_keeps_the_reading_pages_and_what_they_are_made_of(
    dist: Path, client: FlaskClient
) -> None:
    kept = settings(client)
    assert {"/", f"/lessons/{GREETING}/", "/pages/overview/", "/offline"} <= set(kept["pages"])
    assert {"/assets/page.js", "/assets/site.css", "/static/icons.svg"} <= set(kept["assets"])
    assert not {"/assets/editor.js", "/assets/worker.js", "/assets/a.txt"} & set(kept["assets"])
    assert not [path for path in kept["pages"] if path.startswith(("/yours", "/search"))]


def test_all_that_is_kept_is_there(dist: Path, client: FlaskClient) -> None:
    modes = {f"/{slug}/" for slug in offline.READABLE}  # the small course has no texts for them
    for path in set(settings(client)["pages"]) - modes:
        assert client.get(path).status_code == 200, path


def test_the_worker_is_asked_for_anew_each_time(dist: Path, client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"


def test_what_is_kept_is_a_newcomers_page(site: Flask, client: FlaskClient) -> None:
    path = f"/lessons/{GREETING}/"
    fresh = site.test_client().get(path).text
    post(client, f"/answers/{GREETING}/first", choice=0)
    mine = client.get(path).text
    kept = client.get(path, headers={READER: "anyone"}).text
    assert "You chose" in mine
    assert "You chose" not in kept
    hide = re.compile(r"[\w-]{20,}|&#34;drafts&#34;: &#34;\w+&#34;")
    assert hide.sub("", kept) == hide.sub("", fresh)


def test_in_a_workspace_too(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(workspace=tmp_path / "mine")
    client = visitor(site)
    post(client, f"/answers/{GREETING}/first", choice=0)
    path = f"/lessons/{GREETING}/"
    assert "You chose" in client.get(path).text
    assert "You chose" not in client.get(path, headers={READER: "anyone"}).text


def test_another_text_is_another_edition(course: Course) -> None:
    first = course.lessons[0]
    changed = replace(course, lessons=(replace(first, prose="New."), *course.lessons[1:]))
    assert offline.edition_of(course) == offline.edition_of(course)
    assert offline.edition_of(changed) != offline.edition_of(course)


def test_another_build_is_another_edition(course: Course, dist: Path) -> None:
    before = offline.edition_of(course)
    (dist / "manifest.json").write_text("{}")
    assert offline.edition_of(course) != before


def test_the_manifest_names_the_course(site: Flask, client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.json is not None
    assert answer.json["name"] == rooms_of(site).course.title
    with client.get(answer.json["icons"][0]["src"]) as icon:
        assert icon.status_code == 200
    assert 'rel="manifest" href="/manifest.webmanifest"' in client.get("/").text


def test_the_offline_page_says_what_still_works(client: FlaskClient) -> None:
    page = client.get("/offline").text
    assert "The course is not running" in page
    assert "course serve" in page
    assert f'href="/lessons/{GREETING}/"' in page
    assert "What waits for the server" in page
    assert "Were you looking for" not in page, "the small course has no such page"


def test_the_recordings_the_project_and_the_charts_are_kept_too(
    dist: Path, real_site: Flask
) -> None:
    client = visitor(real_site)
    kept = settings(client)
    assert {"/visual/", "/visual/02-upgrade/", "/project/", "/project/01-one-poll/"} <= set(
        kept["pages"]
    )
    assert kept["data"] == ["/perf/recorded.json"]
    for path in (*kept["pages"], *kept["data"]):
        assert client.get(path, headers={READER: "anyone"}).status_code == 200, path


def test_the_offline_page_leads_to_what_is_kept(real_site: Flask) -> None:
    page = visitor(real_site).get("/offline").text
    for path in ("/why/", "/deep/", "/visual/", "/project/", "/perf/", "/pages/troubleshooting/"):
        assert f'href="{path}"' in page, path
    assert "Were you looking for an error text?" in page


def test_another_text_of_a_mode_is_another_edition(course: Course) -> None:
    before = offline.edition_of(course)
    text = course.root / "modes" / "why" / "why.md"
    text.parent.mkdir(parents=True)
    text.write_text("# Why\n\nAnother reason.\n")
    assert offline.edition_of(course) != before
