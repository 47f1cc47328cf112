"""The troubleshooting page says what the traps say.

``python -m tests.lessons.test_pages_troubleshooting`` renews the page after a trap was changed.
"""

from pathlib import Path

from checker.explain import traps, troubleshooting

PAGE = Path(__file__).parents[2] / "lessons" / "pages" / "troubleshooting.md"
SEAM = "<!-- What follows is written from checker/traps.toml"


def renewed() -> str:
    """Return the page with its second half made anew."""
    head, seam, tail = PAGE.read_text(encoding="utf-8").partition(SEAM)
    comment = tail.partition("\n")[0]
    return f"{head}{seam}{comment}\n\n{troubleshooting()}\n"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == renewed(), __doc__


def test_every_trap_has_an_entry() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for trap in traps():
        assert page.count(f"### {trap.title}\n") == 1
        assert f"({trap.id})" in page
        assert not trap.page or PAGE.with_name(f"{trap.page}.md").is_file()


if __name__ == "__main__":
    PAGE.write_text(renewed(), encoding="utf-8")
