import json
from pathlib import Path

import pytest
from flask import Flask

from webapp.assets import Assets, NotBuilt, send


def test_without_a_build_the_course_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="npm ci"):
        Assets.load(tmp_path)


def test_the_manifest_gives_the_names(tmp_path: Path) -> None:
    manifest = {"files": {"page.js": "page-1.js"}, "preload": ["a.woff2"]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert Assets.load(tmp_path) == Assets({"page.js": "page-1.js"}, ("a.woff2",))


@pytest.mark.parametrize(
    ("accepts", "encoding", "body"),
    [("br, gzip", "br", b"small"), ("gzip", None, b"plain"), ("", None, b"plain")],
)
def test_a_file_is_sent_compressed_to_those_who_take_it(
    tmp_path: Path, accepts: str, encoding: str | None, body: bytes
) -> None:
    (tmp_path / "a.js").write_bytes(b"plain")
    (tmp_path / "a.js.br").write_bytes(b"small")
    with Flask("x").test_request_context(headers={"Accept-Encoding": accepts}):
        response = send("a.js", tmp_path)
        response.direct_passthrough = False
        assert response.get_data() == body
        response.close()
    assert response.headers.get("Content-Encoding") == encoding
    assert response.mimetype == "text/javascript"
    assert "immutable" in response.headers["Cache-Control"]
