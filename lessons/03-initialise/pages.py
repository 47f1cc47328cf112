"""The pages of an app: opened as a visitor does, and what stands in a visitor's way."""

from __future__ import annotations

from checker import App, Failure, Response, last_words, route_below_start, url_parts


def opened(app: App, path: str) -> Response:
    """Open a page, and go where it sends a visitor."""
    answer = app.get(path)
    for _ in range(3):
        onward = url_parts(answer.headers.get("Location", ""))
        if not 300 <= answer.status < 400 or onward.netloc or not onward.path.startswith("/"):
            break
        answer = app.get(onward.path)
    return answer


def page_refused(app: App, answer: Response) -> Failure | None:
    """Say why a page that the file has is not answered, if that can be told."""
    told = f"Your app answers `/` with the status {answer.status}"
    if answer.status in (401, 403):
        return Failure(
            f"{told}: it turns the visitor away. The task asks for a page that everybody sees.",
            help="Leave the page `/` out of what asks visitors who they are.",
            line=app.source.line_of("before_request") or app.source.line_of("abort("),
            observed=answer.status,
            expected=200,
        )
    if answer.status == 404 and (below := route_below_start(app.source, app.load().served)):
        return Failure(
            f"{told}: its route stands below the line that starts the server.",
            help="That line does not come back while the server runs, so what follows is not "
            "read. Move it to the end of the file.",
            line=below,
        )
    return None


def page_error(app: App, line: int | None) -> Failure:
    """Say with which error the page at `/` ended."""
    told = f"Opening `/` ends with an error. {last_words(app.output)}"
    line = line or app.source.line_of('route("/")')
    if "did not return a valid response" in app.output:
        return Failure(
            told,
            help="A page returns its text. What it prints appears in your terminal only.",
            line=line,
        )
    return Failure(
        told,
        help="Look at the function of the page. The error says what it did not find.",
        line=line,
    )
