"""The modes of the course beside the lessons: one module each, one blueprint each."""

from __future__ import annotations

from flask import Blueprint

READY: tuple[Blueprint, ...] = ()
"""The blueprints of the modes that can be visited."""
