"""What a visitor reads of a page."""

import time

import pytest

from checker.visible import url_parts, visible_lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("", []),
        ("Hello", ["Hello"]),
        ("<p>Hello,\n   you</p>", ["Hello, you"]),
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("One<br>Two", ["One", "Two"]),
        ("Hel<b>l</b>o, <em>you</em>", ["Hello, you"]),
        ("Fish &amp;&nbsp;chips &lt;here&gt;", ["Fish & chips <here>"]),
        ("<head><title>Mine</title></head><body>Hello", ["Hello"]),
        ("<title>Mine</title>Hello", ["Hello"]),
        ("<head><title>Mine</title><body><h1>Hello</h1>", ["Hello"]),  # </head> may be left out
        ("<noscript>Mine</noscript>H<sub>2</sub>O", ["H2O"]),
        ("<head><script>a < b</script>Shown</head>Hello", ["Shown", "Hello"]),
        ("<script>alert('</p>')</script>Hello", ["Hello"]),
        ("</head>Hello<!-- you -->", ["Hello"]),
        ("<![if IE]>Hello<![endif]>, <![x[you]]>", ["Hello,"]),
        ("Hello<![ <b>, you</b>", ["Hello, you"]),
        ("Hello<![x[", ["Hello<![x["]),
    ],
)
def test_what_a_visitor_reads(html: str, lines: list[str]) -> None:
    assert visible_lines(html) == lines


@pytest.mark.parametrize("url", ["//[", "http://[::1", "http://\u2100.example/", "http://[x]/"])
def test_an_address_that_is_none_has_no_parts(url: str) -> None:
    assert tuple(url_parts(url)) == ("", "", "", "", "")


def test_an_address_has_parts() -> None:
    parts = url_parts("http://localhost:5000/a?b=c")
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "localhost:5000", "/a")


def test_what_is_begun_and_never_ended() -> None:
    assert visible_lines("<p>Hello<!-- you") == ["Hello"]
    assert visible_lines("<p>Hello <b you") == ["Hello <b you"]


@pytest.mark.parametrize("part", ["<a ", "<!--", "</a ", "<?", "<!x ", "<style>", "<a x= '"])
def test_a_page_of_one_mark_over_and_over_is_read_at_once(part: str) -> None:
    began = time.process_time()
    visible_lines(part * 66_000)
    assert time.process_time() - began < 5
