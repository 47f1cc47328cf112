"""Versions that do not fit: with themselves, with each other, with what packages ask for."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from itertools import combinations

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from checker import Failure, expect

from .lines import PACKAGE, said
from .versions import MOST_CONDITIONS, Wanted

TOGETHER = (PACKAGE, "flask", "python-socketio", "python-engineio", "werkzeug", "eventlet")
TITLES = {PACKAGE: "Flask-SocketIO", "flask": "Flask"}
# From these versions on, a package asks for what the one that is installed here asks for.
SAME_SINCE = {PACKAGE: "5.6.1"}
# What each python-socketio asks for that Flask-SocketIO 5.6.1 and newer can be installed with.
ENGINE = Requirement("python-engineio>=4.11.0")


def expect_possible(wanted: Wanted, package: str) -> None:
    """Raise a Failure if the lines about a package contradict themselves or each other."""
    lines = wanted.about(package)[:MOST_CONDITIONS]
    if not lines or wanted.allowed(package, wanted.spec(package)):
        return
    for line in lines:
        expect(
            wanted.allowed(package, line.spec),
            f"{said(line)} No version meets all of these conditions.",
            help="A comma means *and*: a version must meet what stands on both sides of it. Keep "
            "the conditions that you need, for instance `>=5.6.1` for Flask-SocketIO.",
            line=line.number,
        )
    pairs = (
        (a, b) for a, b in combinations(lines, 2) if not wanted.allowed(package, a.spec & b.spec)
    )
    first, second = next(pairs, (lines[0], lines[-1]))
    raise Failure(
        f"{said(first)} {said(second)} No version fits both lines, and pip installs one alone.",
        help="Keep the line that you need, and take the other one out.",
        line=second.number if first.file == second.file else None,
    )


def expect_fifth_series(wanted: Wanted, installed: str) -> None:
    """Raise a Failure if pip takes another Flask-SocketIO than the course is about."""
    line = wanted.about(PACKAGE, limits=False)[0]
    newest = wanted.newest(PACKAGE)
    expect(
        newest is not None and newest.major == 5,
        f"{said(line)} The course is about version 5; installed here is {installed}.",
        help="Ask for a version of series 5, for instance `flask-socketio>=5.6.1`, or leave the "
        "version out.",
        line=line.number,
    )


def expect_flask_fits(wanted: Wanted) -> None:
    """Raise a Failure if pip takes a Flask with which the Flask-SocketIO that it takes fails."""
    line = wanted.about(PACKAGE, limits=False)[0]
    newest, flask = wanted.newest(PACKAGE), wanted.newest("flask")
    expect(
        not newest or newest >= Version("5.6.1") or not flask or flask < Version("3.1.3"),
        f"{said(line)} With it pip takes the newest Flask. From Flask 3.1.3 on, Flask-SocketIO up "
        "to 5.6.0 answers every visitor who connects with `AttributeError: property 'session' of "
        "'RequestContext' object has no setter`.",
        help="Ask for `flask-socketio>=5.6.1`. If you must keep the old version, ask for an old "
        "Flask too: `flask<3.1.3`.",
        line=line.number,
    )


def expect_eventlet_fits(wanted: Wanted) -> None:
    """Raise a Failure if pip takes an eventlet that stops at once."""
    for old in wanted.about("eventlet", limits=False):
        eventlet = wanted.newest("eventlet")
        expect(
            eventlet is not None and eventlet >= Version("0.34.1"),
            f"{said(old)} On Python 3.12 and newer, eventlet before 0.34.1 stops with "
            "`AttributeError: module 'ssl' has no attribute 'wrap_socket'`.",
            help="This lesson needs no eventlet: take the line out. To keep it, ask for "
            "`eventlet>=0.34.1`.",
            line=old.number,
        )


def wishes(wanted: Wanted) -> Iterator[tuple[str, Requirement]]:
    """What packages ask for themselves, each as (who asks, for what).

    A package is heard only where pip cannot choose a version of it that asks for less.
    """
    for package in TOGETHER:
        try:
            notes = distribution(package)
        except PackageNotFoundError:
            continue
        since = SAME_SINCE.get(package, notes.version)
        allowed = wanted.allowed(package, wanted.spec(package))
        if not allowed or min(allowed) < Version(since):
            continue
        for wish in map(Requirement, notes.requires or ()):
            if wish.marker is None or wish.marker.evaluate({"extra": ""}):
                yield f"{TITLES.get(package, package)} from {since} on", wish
        if package == PACKAGE:
            yield "python-socketio, which Flask-SocketIO is built on,", ENGINE


def expect_granted(wanted: Wanted, asking: str, wish: Requirement) -> None:
    """Raise a Failure if the submission allows no version that another package asks for."""
    package = canonicalize_name(wish.name)
    lines = wanted.about(package)
    if not lines or wanted.allowed(package, wanted.spec(package) & wish.specifier):
        return
    alone = (line for line in lines if not wanted.allowed(package, line.spec & wish.specifier))
    line = next(alone, lines[-1])
    raise Failure(
        f"{said(line)} {asking} asks for `{wish.name}{wish.specifier}`, so pip finds no versions "
        "that fit together.",
        help=f"Take the line out, and pip chooses a version that fits. Or ask for "
        f"`{package}{wish.specifier}`.",
        line=line.number,
    )
