"""The versions that a submission's files for pip allow."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from checker import RequirementLine

from .lines import PACKAGE, lines_of

# Releases that exist, for conditions that name none themselves (`<5.4`, `!=5.7.0`).
KNOWN = {
    PACKAGE: "5.0.1 5.1.2 5.2.0 5.3.0 5.3.4 5.3.5 5.3.6 5.3.7 5.4.1 5.5.0 5.5.1 5.6.0 5.6.1 5.7.0",
    "flask": "2.3.3 3.0.3 3.1.0 3.1.2 3.1.3",
    "eventlet": "0.33.3 0.34.1 0.36.1 0.39.0 0.41.3",
}
MOST_CONDITIONS = 40  # looked at about a package


class Wanted:
    """All that a submission's files for pip say."""

    def __init__(self, files: Mapping[str, bytes], installed: Mapping[str, str]) -> None:
        """Read the files, once; `installed` are the versions on this machine."""
        self.lines = list(lines_of(files))
        self._installed = installed

    def about(self, package: str, *, limits: bool = True) -> list[RequirementLine]:
        """The lines that name a package; without `limits`, those that ask for it."""
        lines = (line for line in self.lines if line.name == package and line.applies)
        return [line for line in lines if limits or not line.limit]

    def spec(self, package: str) -> SpecifierSet:
        """What all lines about a package ask for together."""
        spec = SpecifierSet()
        for line in self.about(package):
            spec &= line.spec
        return spec

    def newest(self, package: str) -> Version | None:
        """The newest version that the lines allow; None where they allow none.

        Versions that a condition names itself count too: they may be newer than what we know.
        """
        spec = self.spec(package)
        named = (part.version.removesuffix(".*") for part in islice(spec, MOST_CONDITIONS))
        candidates = {*KNOWN[package].split(), *named, self._installed.get(package, "0")}
        return max(spec.filter(_versions(candidates), prereleases=True), default=None)

    def allowed(self, package: str, spec: SpecifierSet) -> list[Version]:
        """Versions that `spec` allows, also some that may not exist: none only where none can."""
        parts = (part.version.removesuffix(".*") for part in islice(spec, MOST_CONDITIONS))
        known = KNOWN.get(package, "").split()
        candidates = {*known, *chain(*map(_near, parts)), self._installed.get(package, "0"), "0"}
        return list(spec.filter(_versions(candidates), prereleases=True))


def _near(text: str) -> Iterator[str]:
    """A version, and those around it: the next and the last ones of its three numbers."""
    yield text
    for version in _versions([text]):
        numbers = version.major, version.minor, version.micro
        for place, number in enumerate(numbers):
            for other, rest in ((number + 1, 0), (number - 1, 9999)):
                if other >= 0:
                    yield ".".join(map(str, [*numbers[:place], other, rest, rest][:3]))


def _versions(texts: Iterable[str]) -> Iterator[Version]:
    for text in texts:
        try:
            yield Version(text)
        except InvalidVersion:  # `===` compares any text
            continue
