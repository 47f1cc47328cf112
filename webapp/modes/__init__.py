"""The modes of the course beside the lessons: one module each, one blueprint each."""

from __future__ import annotations

from flask import Blueprint

from webapp.modes import challenge, deep, perf, project, recall, try_, visual, why

READY: tuple[Blueprint, ...] = (
    challenge.bp,
    deep.bp,
    perf.bp,
    project.bp,
    recall.bp,
    try_.bp,
    visual.bp,
    why.bp,
)
"""The blueprints of the modes that can be visited."""
