"""The colours of webapp/frontend/src/styles/tokens.css, measured (WCAG 2.2: 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "webapp/frontend/src/styles"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")

PAPERS = ("paper", "panel", "accent-soft", "bad-soft")
CODE_PAPERS = (
    "code-paper",
    "code-line",
    "code-added",
    "code-removed",
    "code-selected",
    "code-match",
)
CODE_INKS = ("ink", "soft", "keyword", "string", "number", "name", "type", "builtin")


def tokens(theme: int) -> dict[str, str]:
    text = (STYLES / "tokens.css").read_text("utf-8")
    return {name: pair[theme] for name, *pair in TOKEN.findall(text)}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-soft", "accent", "bad"])
@pytest.mark.parametrize("paper", PAPERS)
def test_text_can_be_read(theme: int, ink: str, paper: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", CODE_INKS)
@pytest.mark.parametrize("paper", CODE_PAPERS)
def test_code_can_be_read(theme: int, ink: str, paper: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[f"code-{ink}"], colours[paper]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_edges_focus_and_buttons_stand_out(theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    for paper in ("paper", "panel", "code-paper"):
        assert contrast(colours["edge"], colours[paper]) >= 3
        assert contrast(colours["accent"], colours[paper]) >= 3


def test_no_other_file_has_colours_of_its_own() -> None:
    allowed = {"#000", "#fff"}  # what is printed is black on white
    for path in STYLES.glob("*.css"):
        if path.name != "tokens.css":
            found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\()", path.read_text("utf-8")))
            assert found <= allowed, path.name


def test_every_class_that_pygments_uses_for_our_languages_has_a_colour() -> None:
    """Names, operators and punctuation may stay in the plain ink; all else is told apart."""
    css = (STYLES / "code.css").read_text("utf-8")
    known = set(re.findall(r"\.([a-z][a-z0-9]{0,2})\b", css))
    from pygments.lexers import get_lexer_by_name
    from pygments.token import STANDARD_TYPES

    sample = "@app.route('/')\ndef f(x: int) -> str:\n    '''d'''\n    return f'{x}' + \"a\" # c\n"
    sample += "class A(B):\n    y = None if 1.5 in [0x1] else print(len('q'))\n"
    used = {STANDARD_TYPES.get(t, "") for t, v in get_lexer_by_name("python").get_tokens(sample)}
    assert used - known <= {"", "n", "p", "o", "w"}
