"""What a visitor reads of a page."""

import pytest

from checker.visible import visible_lines


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
    ],
)
def test_what_a_visitor_reads(html: str, lines: list[str]) -> None:
    assert visible_lines(html) == lines
