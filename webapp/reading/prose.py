"""Markdown to safe HTML, cut into parts at the places where a page puts something of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, TypeAlias

import nh3
from markdown import Markdown
from markdown.extensions.toc import TocExtension, slugify
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

from checker.lesson import Course, Lesson, Page
from webapp.reading.runnable import KINDS, LANGUAGE, program_id

TASK = re.compile(r"Task (\d+)\b")
MARKER = re.compile(r"<p>\{\{ *(quiz|svg): *([\w-]+) *\}\}</p>")
SECTION = re.compile(r'(?=<h2 id="([^"]*)")')

EMPTY_HEADER = re.compile(r"<th([^>]*)></th>")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)

TAGS = nh3.ALLOWED_TAGS | {"section", "figure", "figcaption", "input"}
ATTRIBUTES = {
    "*": {"id", "class", "lang", "title"},
    "a": {"href"},
    "abbr": {"title"},
    "details": {"open"},
    "figure": {"data-program"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "pre": {"tabindex", "role", "aria-label"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
}

EXTENSIONS = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "sane_lists",
    "smarty",
    "tables",
    "pymdownx.betterem",
    "pymdownx.details",
    "pymdownx.keys",
    "pymdownx.superfences",
    "pymdownx.tasklist",
]

QUOTES_ONLY = {"smarty": {"smart_dashes": False, "smart_ellipses": False}}
"""Dashes stay as they are typed: prose has command-line options in it."""

LABELS = {
    "python": "Python",
    "js": "JavaScript",
    "javascript": "JavaScript",
    "html": "HTML",
    "css": "CSS",
    "console": "Terminal",
    "json": "JSON",
    "toml": "TOML",
    "ini": "Settings",
    "nginx": "Nginx",
    "text": "Text",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading: its anchor and its text."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Html:
    """Ready HTML."""

    kind: ClassVar[str] = "html"
    html: Markup


@dataclass(frozen=True, slots=True)
class Quiz:
    """The place of a question."""

    kind: ClassVar[str] = "quiz"
    id: str


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """The end of a task's section: the place of its hints."""

    kind: ClassVar[str] = "task_end"
    number: int


Part: TypeAlias = Html | Quiz | TaskEnd


@dataclass(frozen=True, slots=True)
class Prose:
    """A rendered text, in order, and its sections' headings."""

    parts: tuple[Part, ...]
    headings: tuple[Heading, ...]

    @property
    def questions(self) -> frozenset[str]:
        """The names of the questions that have a place in the text."""
        return frozenset(part.id for part in self.parts if isinstance(part, Quiz))

    @property
    def html(self) -> Markup:
        """The text alone, without what the page would put into it."""
        return Markup("").join(part.html for part in self.parts if isinstance(part, Html))


class Library:
    """The course's texts, each rendered once, when it is first asked for."""

    def __init__(self, course: Course) -> None:
        self._root = course.root
        self._texts: dict[str, Prose] = {}

    def lesson(self, lesson: Lesson) -> Prose:
        """Return a lesson's text."""
        return self._text(f"lesson {lesson.slug}", lesson.prose)

    def page(self, page: Page) -> Prose:
        """Return another page's text."""
        return self._text(f"page {page.slug}", page.prose)

    def hints(self, lesson: Lesson, task: int) -> list[Markup]:
        """Return the rungs of a task's hints."""
        rungs = lesson.hints.get(task, ())
        return [self._text(f"hint {lesson.slug} {task} {n}", t).html for n, t in enumerate(rungs)]

    def _text(self, key: str, text: str) -> Prose:
        if key not in self._texts:
            self._texts[key] = render(text, self._drawings)
        return self._texts[key]

    @cached_property
    def _drawings(self) -> dict[str, str]:
        files = sorted((self._root / "pages" / "img").glob("*.svg"))
        return {file.stem: file.read_text("utf-8") for file in files}


def render(text: str, drawings: Mapping[str, str] | None = None) -> Prose:
    """Render a lesson's or page's Markdown. ``drawings`` are the SVG texts it may show, by name.

    Raw HTML in the text is cleaned; code blocks become Pygments markup with classes.
    """
    markdown = _markdown()
    html = nh3.clean(
        markdown.convert(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    html = EMPTY_HEADER.sub(r"<td\1></td>", html)
    html = TABLE.sub(r'<div class="scroll" tabindex="0" role="group">\g<0></div>', html)
    headings = tuple(
        Heading(token["id"], Markup(token["html"]).striptags())
        for token in _flat(getattr(markdown, "toc_tokens", []))
        if token["level"] == 2
    )
    return Prose(tuple(_parts(html, drawings or {})), headings)


@lru_cache(maxsize=1024)
def code(text: str, language: str = "python") -> Markup:
    """Render one program or output on its own (a question's, for instance)."""
    return Markup(_fence(text, language, "", {}, None))


@lru_cache(maxsize=4096)
def inline(text: str) -> Markup:
    """Render one sentence: emphasis, links and `code`, but no blocks."""
    markdown = Markdown(extensions=["smarty", "pymdownx.betterem"], extension_configs=QUOTES_ONLY)
    html = nh3.clean(markdown.convert(text), attributes=ATTRIBUTES, link_rel=None)
    single = re.fullmatch(r"<p>(.*)</p>", html.strip(), re.DOTALL)
    return Markup(single[1] if single and "<p>" not in single[1] else html)


def _parts(html: str, drawings: Mapping[str, str]) -> Iterator[Part]:
    """Cut at the sections first (a task's section ends with its hints), then at the markers."""
    for section in filter(None, SECTION.split(html)[::2]):
        yield from _marked(section, drawings)
        task = re.match(r'<h2 id="task-(\d+)"', section)
        if task:
            yield TaskEnd(int(task[1]))


def _marked(html: str, drawings: Mapping[str, str]) -> Iterator[Part]:
    done = 0
    text = ""
    for found in MARKER.finditer(html):
        text += html[done : found.start()]
        done = found.end()
        kind, name = found.groups()
        if kind == "svg":
            text += f'<figure class="drawing">{drawings.get(name, "")}</figure>'
        else:
            yield Html(Markup(text))
            yield Quiz(name)
            text = ""
    yield Html(Markup(text + html[done:]))


def _markdown() -> Markdown:
    anchors = TocExtension(
        slugify=anchor, anchorlink=True, anchorlink_class="self", toc_depth="2-4"
    )
    any_fence = {"name": "*", "class": "", "format": _fence, "validator": _any_options}
    return Markdown(
        extensions=[*EXTENSIONS, anchors],
        extension_configs={
            "pymdownx.superfences": {"custom_fences": [any_fence], "css_class": "code"},
            **QUOTES_ONLY,
            "tables": {"use_align_attribute": True},
        },
        output_format="html",
    )


def anchor(text: str, separator: str) -> str:
    """Return the name under which a heading can be linked to; a task's is its number."""
    task = TASK.match(text)
    return f"task-{task[1]}" if task else slugify(text, separator)


def _flat(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def _any_options(
    language: str, inputs: dict[str, str], options: dict[str, Any], attrs: Any, md: Markdown
) -> bool:
    """Accept every fence: its options are for the audit and for the label, not for Pygments."""
    options.update(inputs)
    return True


def _fence(
    source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **rest: Any
) -> str:
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    body = highlight(source, _lexer(language), formatter)
    label = escape(_label(language, options))
    runs = language == LANGUAGE and any(kind in options for kind in KINDS)
    program = f' data-program="{program_id(source)}"' if runs else ""
    # A block that may scroll sideways must be reachable from the keyboard.
    return (
        f'<figure class="code"{program}><figcaption>{label}</figcaption>'
        f'<pre tabindex="0" role="group" aria-label="{label}"><code>{body}</code></pre></figure>'
    )


def _lexer(language: str) -> Any:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)


def _label(language: str, options: Mapping[str, Any]) -> str:
    """Say what a block is: a file's name, an output, or the language."""
    if "from" in options:
        return str(options["from"]).rsplit("/", 1)[-1]
    if "output" in options:
        return "It prints"
    return LABELS.get(language, language.title() or "Text")
