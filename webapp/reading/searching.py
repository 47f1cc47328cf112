"""The search page: one field for words and for whole tracebacks."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.rooms import rooms

searching = Blueprint("searching", __name__)

KINDS = {
    "Lesson": "Lesson",
    "Page": "Page",
    "Project": "Project",
    "Recording": "Recording",
    "Question": "A question",
    "Hint": "Hint, to be asked for there",
    "Check": "What a check asks",
    "Error": "Known error",
    "Word": "Glossary",
}
LONGEST_ADDRESS = 1_500
"""Characters of a question that go into the page's address; longer ones are answered at once."""

MOST_BYTES = 2 * 1024 * 1024
"""Of a pasted text: a whole log may be pasted, and its end is searched."""


@searching.get("/search")
def search() -> str:
    """What is found for ``?q=``; without it, what can be searched."""
    return _page(request.args.get("q", ""))


@searching.post("/search")
def ask() -> str | AnyResponse:
    """Take a pasted text of any length that a form may have."""
    request.max_content_length = request.max_form_memory_size = MOST_BYTES
    question = request.form.get("q", "").strip()
    if len(question) <= LONGEST_ADDRESS:
        return redirect(url_for("searching.search", q=question or None), 303)
    return _page(question)


def _page(question: str) -> str:
    question = question.strip()
    found = rooms().search.find(question) if question else None
    return render_template("search.html", question=question, found=found, kinds=KINDS)
