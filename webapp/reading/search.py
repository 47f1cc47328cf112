"""Search over the whole course: an index in memory, made when the course starts."""

from __future__ import annotations

import re
import sqlite3
import threading
from dataclasses import dataclass

from markupsafe import Markup, escape

from checker.explain import LONGEST, Explanation, explain, traps
from checker.lesson import Course, Lesson
from webapp.reading.nearby import Nearby
from webapp.reading.passages import BLANK, Passage, passages, trap_lessons, trap_urls
from webapp.reading.words import PART, Vocabulary

MOST = 20
"""Passages in one answer."""
MOST_BESIDE = 8
"""Passages beside a cause: who has that needs few."""
MOST_WORDS = 16
"""Words of a question that are looked for."""
WORD = re.compile(r"\w+")
RAISED = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Warning|Refused)\b.*", re.M)
OPEN, CLOSE = "\x02", "\x03"
"""Marks round a hit; no text of the course has them."""
COMMON = (
    "a an and are as at be but by can do does for from has have how i in is it my not of on or so"
    " that the then there this to was what when where which why with you your"
)
"""Words that a question may have and that say nothing."""

ALSO = {
    "authentication": "login",
    "authenticate": "login",
    "deploy": "production",
    "deployment": "production",
    "everyone": "everybody",
    "heroku": "production",
    "hosting": "production",
    "individual": "room",
    "online": "connected",
    "private": "room",
    "specific": "room",
    "upload": "bytes",
}
"""Words that people search for, and the course's own."""

TABLE = """create virtual table passage using fts5(
    title, text, secret, kind unindexed, place unindexed, url unindexed,
    tokenize = "porter unicode61 remove_diacritics 2", prefix = '2 3'
)"""
FIND = f"""select kind, title, place, url,
    highlight(passage, 0, '{OPEN}', '{CLOSE}'),
    snippet(passage, 1, '{OPEN}', '{CLOSE}', ' … ', 30)
    from passage where passage match ? order by bm25(passage, 8.0, 1.0, 0.7)
    * case kind when 'Question' then 0.4 when 'Check' then 0.4 when 'Hint' then 0.4
        when 'Word' then 1.5 when 'Error' then 1.1 else 1.0 end limit ?"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that was found; ``title`` and ``snippet`` have the hits marked."""

    kind: str
    place: str
    url: str
    title: Markup
    snippet: Markup


@dataclass(frozen=True, slots=True)
class Cause:
    """A recognised error: what it means, where it is described and where it is taught.

    It is ``sure`` if the text is one that this error prints, and not only like it.
    """

    explanation: Explanation
    url: str
    lessons: tuple[Lesson, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one question. ``instead`` is what was looked for, where a word had a slip."""

    cause: Cause | None
    hits: tuple[Hit, ...]
    instead: str = ""


class Search:
    """Finds passages of one course; may be asked from any thread."""

    def __init__(self, course: Course) -> None:
        """Make the index, which takes some tens of milliseconds."""
        self._course = course
        self._urls = trap_urls(course)
        self._nearby = Nearby(traps())
        self._lock = threading.Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(TABLE)
        found = tuple(passages(course))
        self._index.executemany("insert into passage values (?, ?, ?, ?, ?, ?)", map(_row, found))
        self._vocabulary = Vocabulary(word for each in found for word in _parts(each))

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            self._index.close()

    def find(self, question: str) -> Found:
        """Return what is known about an error text, and the passages that fit, best first.

        ``question`` is anything that someone pastes or types; its last 20,000 characters count.
        """
        question = question[-LONGEST:].strip()
        asked = _telling_words(question)
        words = [
            word if word in self._vocabulary.counts else ALSO.get(word, word) for word in asked
        ]
        cause = self._cause(question)
        known = cause.url if cause else None
        hits = tuple(hit for hit in self._passages(words) if not hit.url or hit.url != known)
        if cause:  # the error is answered; what teaches the matter comes before its relatives
            hits = tuple(sorted(hits, key=lambda hit: hit.kind == "Error"))[:MOST_BESIDE]
        if hits or not words:
            return Found(cause, hits, " ".join(words) if words != asked else "")
        mended = [self._vocabulary.nearest(word) for word in words]
        if mended == words:
            return Found(cause, ())
        return Found(cause, self._passages(mended), " ".join(mended))

    def _cause(self, question: str) -> Cause | None:
        known = explain(question, notices=True)
        sure = known is not None
        if known is None and (near := self._nearby.find(question)):
            blanks = [BLANK.sub("…", text) for text in (near.cause, near.fix)]
            known = Explanation(near.id, near.title, *blanks)
        if known is None:
            return None
        trap = next(trap for trap in traps() if trap.id == known.trap)
        url = self._urls.get(known.trap, "")
        return Cause(known, url, tuple(trap_lessons(self._course, trap)), sure)

    def _passages(self, words: list[str]) -> tuple[Hit, ...]:
        """Passages with all the words first, then with the beginnings of words, then with some."""
        if not words:
            return ()
        quoted = [f'"{word}"' for word in words]
        begun = [*quoted[:-1], f"{quoted[-1]} *"]
        found: dict[tuple[str, str], Hit] = {}
        for wanted in (" AND ".join(quoted), " AND ".join(begun), " OR ".join(quoted)):
            with self._lock:
                rows = self._index.execute(FIND, (wanted, MOST)).fetchall()
            for kind, title, place, url, marked, snippet in rows:
                hit = Hit(kind, place, url, _marked(marked), _marked(snippet))
                found.setdefault((url, title), hit)
            if len(found) >= MOST:
                break
        return tuple(found.values())[:MOST]


def _row(passage: Passage) -> tuple[str, ...]:
    shown, hidden = ("", passage.text) if passage.secret else (passage.text, "")
    return passage.title, shown, hidden, passage.kind, passage.place, passage.url


def _parts(passage: Passage) -> list[str]:
    return PART.findall(f"{passage.title} {passage.text}".lower())


def _telling_words(question: str) -> list[str]:
    """Return the words to look for: of a traceback, those of the error at its end."""
    raised = RAISED.findall(question)
    lines = [line for line in question.splitlines() if line.strip()]
    line = raised[-1] if raised else (lines or [""])[-1] if len(lines) > 3 else question
    words = [word.lower() for word in WORD.findall(line)]
    common = set(COMMON.split())
    telling = [word for word in words if word not in common and PART.search(word)]
    return list(dict.fromkeys(telling or [word for word in words if PART.search(word)]))[
        :MOST_WORDS
    ]


def _marked(text: str) -> Markup:
    """Return text as safe HTML, with the hits marked."""
    safe = str(escape(text)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return Markup(safe)
