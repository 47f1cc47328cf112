"""The names on the way through a preview."""

from pathlib import Path

import pytest

from checker.stage.inside.rewrite import LIBRARY, Library, Names, is_page

OUTER = "abc.localhost:4000"
NAMES = Names("127.0.0.1:5000", OUTER, f"http://{OUTER}")


def asked(name: bytes, value: bytes, *, plain: bool = False) -> list[tuple[bytes, bytes]]:
    return NAMES.asking([(name, value)], plain=plain)


def answered(name: bytes, value: bytes) -> list[tuple[bytes, bytes]]:
    return NAMES.answering([(name, value)])


def test_the_app_is_asked_by_its_own_name() -> None:
    assert asked(b"Host", OUTER.encode()) == [(b"Host", b"127.0.0.1:5000")]
    assert asked(b"Origin", f"http://{OUTER}".encode()) == [(b"Origin", b"http://127.0.0.1:5000")]
    referer = asked(b"Referer", f"http://{OUTER}/chat?a=1".encode())
    assert referer == [(b"Referer", b"http://127.0.0.1:5000/chat?a=1")]


def test_the_origin_of_another_site_stays_what_it_is() -> None:
    assert asked(b"Origin", b"http://evil.example") == [(b"Origin", b"http://evil.example")]


@pytest.mark.parametrize(
    "name", [b"X-Forwarded-Host", b"Forwarded", b"Connection", b"Sec-WebSocket-Extensions"]
)
def test_what_belongs_to_the_way_is_left_out(name: bytes) -> None:
    assert asked(name, b"anything") == []


def test_polls_are_asked_for_without_compression() -> None:
    assert asked(b"Accept-Encoding", b"gzip", plain=True) == []
    assert asked(b"Accept-Encoding", b"gzip") == [(b"Accept-Encoding", b"gzip")]


def test_a_redirect_and_a_permission_lead_back_to_the_preview() -> None:
    assert answered(b"Location", b"http://127.0.0.1:5000/next") == [(b"Location", b"/next")]
    assert answered(b"Location", b"https://example.org/") == [
        (b"Location", b"https://example.org/")
    ]
    allowed = answered(b"Access-Control-Allow-Origin", b"http://127.0.0.1:5000")
    assert allowed == [(b"Access-Control-Allow-Origin", f"http://{OUTER}".encode())]


def test_a_cookie_stays_with_its_own_host_and_frame() -> None:
    [(_, value)] = answered(b"Set-Cookie", b"session=a; Domain=localhost; Path=/; SameSite=Lax")
    assert value == b"session=a; Path=/; SameSite=None; Secure; Partitioned"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for folder, file in (("socket.io-4.8.1", "socket.io.min.js"), ("jquery-4.0.0", "jquery.js")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("client")
    return Library(str(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.socket.io/4.8.1/socket.io.min.js",
        "https://cdn.socket.io/4.7.5/socket.io.min.js",
        "//cdn.jsdelivr.net/npm/socket.io-client@4/dist/socket.io.min.js",
        "https://cdnjs.cloudflare.com/ajax/libs/socket.io/4.0.1/socket.io.min.js",
    ],
)
def test_a_known_client_comes_from_this_machine(library: Library, address: str) -> None:
    page = f'<script src="{address}"></script>'.encode()
    local = f"{LIBRARY}socket.io-4.8.1/socket.io.min.js"
    assert NAMES.page(page, library) == f'<script src="{local}"></script>'.encode()
    assert library.read(local) == b"client"


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.socket.io/2.3.0/socket.io.js",
        "https://example.org/4.8.1/socket.io.min.js",
        "/static/socket.io.min.js",
    ],
)
def test_other_scripts_are_left_alone(library: Library, address: str) -> None:
    page = f'<script src="{address}"></script>'.encode()
    assert NAMES.page(page, library) == page


@pytest.mark.parametrize(
    "path", ["jquery-4.0.0/jquery.js", "../secret", "socket.io-4.8.1/../../x", "socket.io-4.8.1/no"]
)
def test_nothing_else_is_served(library: Library, path: str) -> None:
    assert library.read(LIBRARY + path) is None


def test_a_page_that_names_its_own_address_leads_to_the_preview(library: Library) -> None:
    page = b'io("http://127.0.0.1:5000"); io("http://127.0.0.1:50001"); "http://127.0.0.1:5000/a"'
    assert NAMES.page(page, library) == (
        f'io("//{OUTER}"); io("http://127.0.0.1:50001"); "//{OUTER}/a"'.encode()
    )


def test_only_moderate_pages_are_looked_into() -> None:
    page = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Length", b"100")]
    assert is_page(page)
    assert not is_page([page[0]])
    assert not is_page([*page, (b"Content-Encoding", b"gzip")])
    assert not is_page([page[0], (b"Content-Length", b"9999999")])
    assert not is_page([(b"Content-Type", b"image/png"), page[1]])
