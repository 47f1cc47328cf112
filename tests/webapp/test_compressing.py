"""Pages are sent compressed to browsers that take it, and as they are to all others."""

import gzip

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from webapp.compressing import compress


@pytest.mark.parametrize("path", ["/", "/lessons/1/", "/manifest.webmanifest"])
def test_a_page_is_the_same_compressed(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    squeezed = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == squeezed.headers["Vary"]
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    if squeezed.headers.get("Content-Encoding") != "gzip":
        assert len(plain.data) < 1_000, "too short to gain anything"
        return
    assert len(squeezed.data) == squeezed.content_length < len(plain.data) / 2
    opened = gzip.decompress(squeezed.data)
    assert b"<html" in opened
    assert len(opened) == len(plain.data), "only the nonce and the cookie differ"


@pytest.mark.parametrize("refused", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_it_gets_it_plain(client: FlaskClient, refused: str) -> None:
    answer = client.get("/", headers={"Accept-Encoding": refused})
    assert "Content-Encoding" not in answer.headers
    assert b"<html" in answer.data


def test_what_is_compressed_already_stays_as_it_is() -> None:
    script = gzip.compress(b"let here = 1;" * 500)
    headers = {"Content-Encoding": "gzip"}
    with Flask("x").test_request_context(headers={"Accept-Encoding": "gzip"}):
        answer = compress(Response(script, mimetype="text/javascript", headers=headers))
    assert answer.get_data() == script
