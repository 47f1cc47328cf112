"""What is shown instead of a page: one sentence that helps, and ways on."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from tests.webapp.conftest import MakeSite
from tests.webapp.site import post, visitor


def shown(html: str) -> str:
    main = LexborHTMLParser(html).css_first("main")
    assert main is not None
    return " ".join(main.text().split())


def test_an_address_with_a_slip_leads_to_what_was_meant(real_site: Flask) -> None:
    answer = visitor(real_site).get("/page/mths/")
    assert answer.status_code == 404
    text = shown(answer.text)
    assert "There is no such page The address may have a slip, or the page has moved." in text
    assert "Perhaps you wanted" in text
    assert "/pages/myths/" in answer.text
    assert 'href="/search?q=mths"' in answer.text


@pytest.mark.parametrize("path", ["/zzzqqq", "/lessons/", "/%3Cscript%3E/", "/" + "a" * 2000])
def test_an_address_that_resembles_nothing_offers_no_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "To the contents" in shown(answer.text)
    assert "<script>/" not in answer.text


def test_what_is_too_large_is_told_as_that(client: FlaskClient) -> None:
    answer = post(client, "/answers/01-greeting/first", choice="0" * 100_000)
    assert "That is too large" in shown(answer.text)
    assert "What you sent is larger than what the course takes here." in shown(answer.text)


def test_a_strange_name_is_told_where_the_course_is(site: Flask) -> None:
    answer = site.test_client().get("/", headers={"Host": "192.0.2.7:8000"})
    assert answer.status_code == 400
    text = shown(answer.text)
    assert "does not answer to the name 192.0.2.7:8000." in text
    assert "Open it at the address that “course serve” printed." in text
    assert "COURSE_HOSTS" in text
    assert "To the contents" not in text, "it would be refused again"


def test_our_own_fault_is_told_as_ours(make_site: MakeSite) -> None:
    site = make_site()
    site.config["PROPAGATE_EXCEPTIONS"] = False
    site.add_url_rule("/fault", view_func=lambda: abort(500))
    answer = visitor(site).get("/fault")
    assert answer.status_code == 500
    assert "This is our fault, not yours. Your work is kept. Try the page again." in shown(
        answer.text
    )
