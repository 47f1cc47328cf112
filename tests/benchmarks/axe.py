"""axe-core over every page in both themes: ``python -m tests.benchmarks.axe``.

It follows the links from the contents. Exit status 1: something was found, and it is listed.
"""

from __future__ import annotations

from typing import Literal, TypeAlias
from urllib.parse import urljoin, urlsplit

import click
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.browser import find_chromium, served
from tests.e2e.test_access import findings

Theme: TypeAlias = Literal["light", "dark"]
ALSO = ("/search?q=Address already in use", "/search?q=zzzz", "/nowhere")
"""Pages to which no link leads."""
THEMES: tuple[Theme, ...] = ("light", "dark")
COLOURED = "pre > code > span"
"""Left out: tests/webapp/test_contrast.py measures these, and axe takes minutes for them."""


def linked(page: Page, url: str) -> set[str]:
    """Return the paths of this course to which a page leads."""
    links = page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    parts = [urlsplit(urljoin(url, link)) for link in links]
    here = urlsplit(url).netloc
    return {part.path for part in parts if part.netloc == here and not part.query}


def check(url: str, theme: Theme, only: tuple[str, ...]) -> dict[str, list[str]]:
    """Print what is found, page by page; return it. Without ``only``, links are followed."""
    found: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_context(color_scheme=theme, service_workers="block").new_page()
        waiting = [*only] or ["/", *ALSO]
        seen = {*waiting, "/yours/export.json"}
        while waiting:
            path = waiting.pop(0)
            page.goto(url + path)
            page.wait_for_load_state("load")
            found[path] = findings(page, leave_out=COLOURED)
            print(f"{theme:6} {len(found[path]):3} {path}", *found[path], sep="\n    ", flush=True)
            if not only:
                news = sorted(linked(page, url) - seen)
                seen.update(news)
                waiting += news
        browser.close()
    return found


@click.command()
@click.argument("paths", nargs=-1)
def main(paths: tuple[str, ...]) -> None:
    """Print what axe-core finds on PATHS (such as /perf/), or on every page."""
    bad = 0
    with served() as url:
        for theme in THEMES:
            found = check(url, theme, paths)
            bad += sum(map(len, found.values()))
            print(f"{theme}: {len(found)} pages, {sum(map(len, found.values()))} findings")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
