"""From a symptom to its cause and its fix: the known traps, kept as data in ``traps.toml``.

The same data explains a failed check, answers a search for an error text and fills the
troubleshooting page.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TRAPS = Path(__file__).with_name("traps.toml")
LONGEST, WIDEST = 20_000, 1_000
"""Characters that are searched: the last ones of a text, the first ones of a line. Strangers write
what is searched, and patterns need time."""

_ID = re.compile(r"[PG]\d\d")
_REQUIRED = {"id": str, "title": str, "cause": str, "fix": str}
_OPTIONAL = {
    "patterns": list,
    "examples": list,
    "symptom": str,
    "lessons": list,
    "page": str,
    "min_lesson": int,
    "plain_cause": str,
    "plain_fix": str,
    "names": list,
    "notice": bool,
}


class TrapsError(Exception):
    """The file of traps breaks its contract; the message names the trap and what to do."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a learner reads: ``trap`` is an id such as ``P05``; the rest are full sentences."""

    trap: str
    title: str
    cause: str
    fix: str


@dataclass(frozen=True, slots=True)
class Trap:
    """One known way to fail, and how to get out of it.

    ``patterns`` are tried against a text; each of them matches one of ``examples``, which are
    copied from real output. A trap without patterns fails silently: ``symptom`` says what one
    sees. ``cause`` and ``fix`` use words that are taught by ``min_lesson``; before that lesson
    the ``plain`` ones take their place. ``names`` are the right spellings of the ``name`` that a
    pattern captures: the trap is recognised only if one of them is near. A ``notice`` explains no
    failure. ``lessons`` and ``page`` say where it is taught.
    """

    id: str
    title: str
    cause: str
    fix: str
    patterns: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = ()
    symptom: str = ""
    lessons: tuple[int, ...] = ()
    page: str = ""
    min_lesson: int = 1
    plain_cause: str = ""
    plain_fix: str = ""
    names: tuple[str, ...] = ()
    notice: bool = False

    def match(self, text: str) -> Mapping[str, str] | None:
        """Return what the first fitting pattern captured in ``text``, or None."""
        for pattern in self.patterns:
            for found in pattern.finditer(text):
                words = {key: value or "" for key, value in found.groupdict().items()}
                if not self.names:
                    return words
                near = _nearest(words.get("name", ""), self.names)
                if near:
                    return words | {"near": near}
        return None

    def explain(self, words: Mapping[str, str], lesson: int | None = None) -> Explanation | None:
        """Say it in words fit for ``lesson``, or return None where there are none yet."""
        cause, fix = self.cause, self.fix
        if lesson is not None and lesson < self.min_lesson:
            cause, fix = self.plain_cause, self.plain_fix
        if not cause:
            return None
        return Explanation(self.id, self.title, _fill(cause, words), _fill(fix, words))


def explain(text: str, *, lesson: int | None = None, notices: bool = False) -> Explanation | None:
    """Recognise ``text`` (an exception, what an app printed, an HTTP body, a browser's console).

    The traps are tried in the order of the file, special ones before general ones, and the first
    that fits explains. With ``lesson``, it uses only words taught up to that lesson. Harmless
    notices are passed over unless ``notices`` is set. Returns None for a text that is not known.
    """
    end = "\n".join(line[:WIDEST] for line in text[-LONGEST:].splitlines())
    for trap in traps():
        if trap.notice and not notices:
            continue
        words = trap.match(end)
        explanation = None if words is None else trap.explain(words, lesson)
        if explanation is not None:
            return explanation
    return None


@cache
def traps() -> tuple[Trap, ...]:
    """Return every known trap, in the order in which they are tried."""
    return load_traps(TRAPS.read_text(encoding="utf-8"))


def load_traps(source: str) -> tuple[Trap, ...]:
    """Read traps from TOML; raises TrapsError for the first one that breaks the contract."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise TrapsError(f"The traps are not TOML: {error}.") from None
    if data.keys() != {"trap"}:
        raise TrapsError("The traps are a list of [[trap]] and nothing else.")
    found = tuple(_trap(item) for item in data["trap"])
    ids = [trap.id for trap in found]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise TrapsError(f"{twice[0]} is there twice; give one of them another id.")
    return found


def _trap(item: Mapping[str, Any]) -> Trap:
    where = str(item.get("id", "A trap without id"))
    _check_fields(where, item)
    fields = dict(item)
    for key in ("examples", "names", "lessons"):
        fields[key] = tuple(item.get(key, ()))
    fields["patterns"] = tuple(_pattern(where, text) for text in item.get("patterns", ()))
    trap = Trap(**fields)
    _check_promises(trap)
    return trap


def _check_fields(where: str, item: Mapping[str, Any]) -> None:
    if not _ID.fullmatch(where):
        raise TrapsError(f"{where}: an id is P or G and two digits.")
    known = _REQUIRED | _OPTIONAL
    for key, value in item.items():
        if key not in known:
            near = _nearest(key, known)
            hint = f" Did you mean `{near}`?" if near else ""
            raise TrapsError(f"{where}: the key `{key}` is not known.{hint}")
        if type(value) is not known[key]:
            raise TrapsError(f"{where}: `{key}` must be of type {known[key].__name__}.")
        inside = int if key == "lessons" else str
        if isinstance(value, list) and any(type(entry) is not inside for entry in value):
            raise TrapsError(f"{where}: every entry of `{key}` must be of type {inside.__name__}.")
    missing = sorted(_REQUIRED.keys() - item.keys())
    if missing:
        raise TrapsError(f"{where}: the key `{missing[0]}` is missing.")


def _check_promises(trap: Trap) -> None:
    if not trap.patterns and not trap.symptom:
        raise TrapsError(f"{trap.id}: without patterns it needs a symptom that says what one sees.")
    if not trap.lessons and not trap.page:
        raise TrapsError(f"{trap.id}: say in `lessons` or `page` where it is taught.")
    if bool(trap.plain_cause) != bool(trap.plain_fix):
        raise TrapsError(f"{trap.id}: give both plain_cause and plain_fix, or neither.")
    if trap.plain_cause and trap.min_lesson == 1:
        raise TrapsError(f"{trap.id}: plain words need a min_lesson above 1.")
    for pattern in trap.patterns:
        if not any(pattern.search(example) for example in trap.examples):
            raise TrapsError(f"{trap.id}: no example has what {pattern.pattern!r} looks for.")
    for example in trap.examples:
        if trap.match(example) is None:
            raise TrapsError(f"{trap.id}: no pattern fits the example {example[:60]!r}.")
    groups = [sorted(pattern.groupindex) for pattern in trap.patterns]
    if any(group != groups[0] for group in groups):
        raise TrapsError(f"{trap.id}: its patterns must capture the same names.")


def _pattern(where: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.MULTILINE)
    except re.error as error:
        raise TrapsError(f"{where}: {text!r} is no regular expression: {error}.") from None


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that ``word`` was probably meant to be, or an empty string."""
    plain = {name.lower().replace("_", ""): name for name in known}
    likeness = 0.5 if len(word) < 4 else 0.75
    near = difflib.get_close_matches(word.lower().replace("_", ""), plain, n=1, cutoff=likeness)
    return plain[near[0]] if near else ""


def _fill(text: str, words: Mapping[str, str]) -> str:
    for key, value in words.items():
        text = text.replace("{" + key + "}", value[:100])
    return text


def troubleshooting() -> str:
    """Return the traps as Markdown, by lesson: the second half of the troubleshooting page."""
    chapters: dict[str, list[Trap]] = {}
    for trap in sorted(traps(), key=lambda trap: (_chapter(trap), trap.id[0] != "P", trap.id)):
        chapters.setdefault(_chapter(trap)[1], []).append(trap)
    return "\n\n".join(
        "\n\n".join([f"## {title}", *map(_entry, members)]) for title, members in chapters.items()
    )


def _chapter(trap: Trap) -> tuple[int, str]:
    if trap.lessons:
        return trap.lessons[0], f"Lesson {trap.lessons[0]}"
    return (0, "In any program") if trap.page == "troubleshooting" else (99, "Beyond the lessons")


def _entry(trap: Trap) -> str:
    seen = [f"`{_telling_line(trap, example)}`" for example in trap.examples]
    seen += [trap.symptom] if trap.symptom else []
    blanks = {key: "…" for pattern in trap.patterns for key in pattern.groupindex} | {"near": "…"}
    return "\n\n".join(
        [
            f"### {trap.title}",
            "\n".join(f"- {line}" for line in dict.fromkeys(seen)),
            f"**Why.** {_fill(trap.cause, blanks)}".replace("….", "…"),
            f"**What helps.** {_fill(trap.fix, blanks)} ({trap.id})",
        ]
    )


def _telling_line(trap: Trap, example: str) -> str:
    """Return the line of the example that a pattern fits; the first and the last, if several."""
    found = next(filter(None, (pattern.search(example) for pattern in trap.patterns)))
    start = example.rfind("\n", 0, found.start()) + 1
    end = found.end() + len(example[found.end() :].partition("\n")[0])
    lines = [line.strip().replace("`", "'") for line in example[start:end].strip().split("\n")]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … {lines[-1]}"
