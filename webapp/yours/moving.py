"""Taking one's whole work along: out as a file, in from a file, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from webapp.files import Files, digest
from webapp.rooms import Rooms
from webapp.stores.portfolio import Portfolio, Work, merged
from webapp.stores.portfolios import Parcel, Portfolios
from webapp.yours import export
from webapp.yours.export import Export


class MovingError(ValueError):
    """Something that cannot be done; the message is for the learner."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that waits for the learner's word, and what each way to take it in would do."""

    export: Export
    merge: tuple[str, ...]
    replace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moving:
    """One learner's work on the move."""

    rooms: Rooms
    learner: int

    @property
    def _portfolios(self) -> Portfolios:
        return Portfolios(self.rooms.store)

    def portfolio(self) -> Portfolio:
        """Return the learner's work as it is now, with the files of the workspace if there is one.

        Raises SubmissionError for a workspace folder beyond bounds.
        """
        kept = self._portfolios.read(self.learner)
        works = dict(kept.works)
        for slug, shelf in self.rooms.shelves.items():
            files = shelf.read()
            changed = files != self.rooms.works.find(slug).starter()
            works[slug] = replace(works.get(slug, Work(0.0)), files=files if changed else None)
            if works[slug] == Work(0.0):
                del works[slug]
        return replace(kept, works=works)

    def write(self) -> bytes:
        """Return the learner's work as a file."""
        rooms = self.rooms
        now = rooms.store.clock()
        return export.write(self.portfolio(), rooms.course, rooms.versions, now)

    def receive(self, content: bytes) -> None:
        """Read a file, and keep it until the learner says what to do with it; raises BadExport."""
        if self._read(content, own=False).portfolio.empty:
            raise MovingError("The file has nothing of this course in it: no code and no answers.")
        self._portfolios.keep(self.learner, "waiting", content)

    def offer(self) -> Offer | None:
        """Return the file that waits, if there is one."""
        waiting = self._portfolios.kept(self.learner, "waiting")
        if not waiting:
            return None
        found = self._read(waiting[0].content, own=False)
        mine = self.portfolio()
        return Offer(found, _would_merge(mine, found), _would_replace(mine, found))

    def forget(self) -> None:
        """Throw the file that waits away."""
        self._portfolios.drop(self.learner, "waiting")

    def take_in(self, *, replacing: bool) -> None:
        """Take the waiting file in, after a backup of what is here; raises MovingError."""
        offer = self.offer()
        if offer is None:
            raise MovingError("No file waits here any more. Choose it again.")
        mine, theirs = self.portfolio(), offer.export.portfolio
        self._back_up()
        if replacing:
            self._put(mine, theirs)
        else:
            for slug in mine.coded & theirs.coded:
                self._keep_version(slug, "theirs", theirs.works[slug].files)
            self._put(mine, merged(mine, theirs))
        self.forget()

    def backups(self) -> list[Parcel]:
        """List what was kept before each change, newest first."""
        return self._portfolios.kept(self.learner, "backup")

    def undo(self, number: int) -> None:
        """Put a backup back, after a backup of what is here; raises MovingError."""
        parcel = next((each for each in self.backups() if each.id == number), None)
        if parcel is None:
            raise MovingError("That backup is not kept any more.")
        wanted = self._read(parcel.content, own=True).portfolio
        mine = self.portfolio()
        self._back_up()
        self._put(mine, wanted)

    def _read(self, content: bytes, *, own: bool) -> Export:
        rooms = self.rooms
        return export.read(content, rooms.course, rooms.works, rooms.config, own=own)

    def _back_up(self) -> None:
        self._portfolios.keep(self.learner, "backup", self.write())

    def _put(self, before: Portfolio, after: Portfolio) -> None:
        """Write ``after``; files that change are kept as a version first."""
        for slug in before.coded:
            work = after.works.get(slug)
            if work is None or work.files != before.works[slug].files:
                self._keep_version(slug, "restored", before.works[slug].files)
        for slug, shelf in self.rooms.shelves.items():
            files = after.works[slug].files if slug in after.works else None
            wanted = self.rooms.works.find(slug).starter() if files is None else files
            shelf.change(lambda _, wanted=wanted: wanted)  # type: ignore[misc]
        self._portfolios.write(self.learner, self._without_shelved(after))

    def _without_shelved(self, portfolio: Portfolio) -> Portfolio:
        """Leave out the files that lie in the workspace."""
        works: Mapping[str, Work] = {
            slug: replace(work, files=None) if slug in self.rooms.shelves else work
            for slug, work in portfolio.works.items()
        }
        return replace(portfolio, works=works)

    def _keep_version(self, slug: str, reason: str, files: Files | None) -> None:
        if files is not None:
            most = self.rooms.config.versions
            self.rooms.store.keep_version(self.learner, slug, reason, files, most=most)


def _would_merge(mine: Portfolio, found: Export) -> tuple[str, ...]:
    theirs = found.portfolio
    new = theirs.coded - mine.coded
    both = {slug for slug in mine.coded & theirs.coded if _differ(mine, theirs, slug)}
    answers = len(theirs.answers.keys() - mine.answers.keys())
    passes = len(theirs.passed - mine.passed)
    lines = [
        "All that you have here stays.",
        f"{_works(len(new))} in which you have no code yet will have the file's." if new else "",
        f"In {_works(len(both))} both have code: yours stays, "
        "and the file's goes to the earlier versions there."
        if both
        else "",
        f"Added: {_many(answers, 'answer')} and {_many(passes, 'pass', 'passes')}.",
    ]
    return tuple(line for line in lines if line)


def _would_replace(mine: Portfolio, found: Export) -> tuple[str, ...]:
    return (
        f"What you have here goes: {_contents(mine)}.",
        f"In its place comes what the file has: {_contents(found.portfolio)}.",
    )


def _contents(portfolio: Portfolio) -> str:
    coded = len(portfolio.coded)
    return (
        f"{f'code in {_works(coded)}' if coded else 'no code'}, "
        f"{_many(len(portfolio.answers), 'answer')}, "
        f"{_many(len(portfolio.passed), 'pass', 'passes')}"
    )


def _differ(mine: Portfolio, theirs: Portfolio, slug: str) -> bool:
    return digest(mine.works[slug].files or {}) != digest(theirs.works[slug].files or {})


def _works(number: int) -> str:
    """Lessons, broken apps, stages, trials: all of them are work."""
    return _many(number, "piece of work", "pieces of work")


def _many(number: int, what: str, several: str = "") -> str:
    return f"{number} {what}" if number == 1 else f"{number or 'no'} {several or what + 's'}"
