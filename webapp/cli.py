"""`course serve`: the course in a browser, added to the checker's commands."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli import course


@course.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; if it is taken, the next free one.",
)
@click.option(
    "--workspace",
    metavar="DIRECTORY",
    type=click.Path(file_okay=False, path_type=Path),
    help="Work on the files of this folder, made by `course start`.",
)
def serve(host: str, port: int, workspace: Path | None) -> None:
    """Read the course, write and check your app in your browser.

    It prints the address to open. Your answers and your code are kept when you stop it.

    With --workspace, the page and your own editor work on the same files: what you save in
    your editor is checked at once and shown in the page.
    """
    from webapp.serving import run

    run(host, port, workspace)


def main() -> None:
    """Run the program `course`, with `serve`."""
    course(prog_name="course")
