import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.conftest import MakeSite
from tests.webapp.site import Wire, post, rooms_of, visitor

PAGES = ("/", "/lessons/01-greeting/", "/pages/overview/", "/nowhere")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_strict_about_what_it_loads(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_script_or_style_or_another_host(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", html)


def test_the_nonce_is_new_each_time(client: FlaskClient) -> None:
    def nonce() -> str:
        policy = client.get("/lessons/1/", follow_redirects=True).headers["Content-Security-Policy"]
        found = re.search(r"'nonce-([\w-]{20,})'", policy)
        assert found
        return found[1]

    assert nonce() != nonce()


def test_the_cookie_is_long_random_and_closed_to_scripts(site: Flask) -> None:
    cookies = [site.test_client().get("/").headers["Set-Cookie"] for _ in range(2)]
    for cookie in cookies:
        assert re.match(r"learner=[\w-]{43};", cookie)
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie
    assert cookies[0] != cookies[1]


def test_over_https_the_cookie_is_secure(make_site: MakeSite) -> None:
    cookie = make_site(secure_cookie=True).test_client().get("/").headers["Set-Cookie"]
    assert "Secure" in cookie


def test_reading_makes_no_learner(site: Flask, client: FlaskClient) -> None:
    client.get("/lessons/01-greeting/")
    cookie = client.get_cookie("learner")
    assert cookie is not None
    assert rooms_of(site).store.find_learner(cookie.value) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_pages_may_post(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    response = client.post("/answers/01-greeting/first", data={"choice": 0}, headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil:80"])
def test_another_name_for_this_machine_is_refused(site: Flask, host: str) -> None:
    assert site.test_client().get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_our_own_names_are_answered(site: Flask, host: str) -> None:
    assert site.test_client().get("/", headers={"Host": host}).status_code == 200


def test_a_course_for_others_answers_to_its_own_names(make_site: MakeSite) -> None:
    client = make_site(hosts=("course.example",)).test_client()
    assert client.get("/", headers={"Host": "course.example"}).status_code == 200
    assert client.get("/", headers={"Host": "localhost"}).status_code == 400
    anyone = make_site(hosts=()).test_client()
    assert anyone.get("/", headers={"Host": "any.example"}).status_code == 200


def test_a_form_that_is_too_large_is_refused(client: FlaskClient) -> None:
    response = post(client, "/answers/01-greeting/first", choice="0" * 100_000)
    assert response.status_code == 413


def test_the_socket_wants_a_cookie(site: Flask) -> None:
    assert not Wire(site, site.test_client()).raw.is_connected()
    assert Wire(site, visitor(site)).raw.is_connected()


def test_learners_have_their_own_drafts(site: Flask) -> None:
    def drafts(client: FlaskClient) -> str:
        found = re.search(
            r"&#34;drafts&#34;: &#34;(\w+)&#34;", client.get("/lessons/01-greeting/").text
        )
        assert found
        return found[1]

    one, other = visitor(site), visitor(site)
    assert drafts(one) == drafts(one) != drafts(other)


def test_a_flood_of_forms_is_refused_and_hurts_nobody_else(make_site: MakeSite) -> None:
    site = make_site(posts_per_second=1)
    flood, neighbour = visitor(site), visitor(site)
    for each in (flood, neighbour):
        post(each, "/answers/01-greeting/first", choice=0)
    codes = {post(flood, "/answers/01-greeting/first", choice=0).status_code for _ in range(15)}
    assert codes == {303, 429}
    assert post(neighbour, "/answers/01-greeting/first", choice=1).status_code == 303


def test_newcomers_are_counted_by_their_address(make_site: MakeSite) -> None:
    site = make_site(posts_per_second=1)
    codes = [
        post(site.test_client(), "/answers/01-greeting/first", choice=0).status_code
        for _ in range(12)
    ]
    assert codes.count(303) >= 10
    assert 429 in codes
