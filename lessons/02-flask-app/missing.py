"""Why no page is found at `/`."""

import ast
from itertools import chain

from checker import App, Failure, constant, expect, route_below_start


def explain_not_found(app: App, said: str) -> None:
    """Raise the Failure of an app that has no page at `/`."""
    below = route_below_start(app.source, app.load().served)
    expect(
        below is None,
        f"{said} Its route stands below the line that starts the server.",
        help="That line does not come back while the server runs, so what follows is not read. "
        "Move the route above it, and start the server at the end of the file.",
        line=below,
    )
    calls = (*app.source.calls("route"), *app.source.calls("get"))
    own = [call for call in calls if call.args and call.file == app.source.entry]
    home = [call for call in own if constant(call.args[0]) == "/"]
    again = _second_app(app, home[0].line) if home else None
    expect(
        again is None,
        f"{said} Line {again} makes a second app, which takes the name of the first. Your route "
        f"for `/` in line {home[0].line if home else 0} belongs to the first one.",
        help="Make one app, at the top of the file, and take the second one away.",
        line=again,
    )
    routes = [rule for rule in app.load().routes if not rule.startswith("/static/")]
    expect(
        not routes,
        f"{said} Your app has routes for: {', '.join(routes)}.",
        help='Make a route for the home page: its address is a slash alone, `@app.route("/")`.',
        line=app.source.line_of("route("),
    )
    raise Failure(
        f"{said} Your app has no route at all.",
        help='Write `@app.route("/")` on the line above your function: the `@` in front, and the '
        "address in brackets behind.",
    )


def _second_app(app: App, route: int) -> int | None:
    """The line below a route where the name that held its app gets another one."""
    tree = app.source.tree() or ast.Module([], [])
    made: set[str] = set()
    under = (node.body for node in tree.body if isinstance(node, ast.If))
    for node in chain(tree.body, *under):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if not ast.unparse(node.value.func).endswith("Flask"):
            continue
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if names & made and node.lineno > route:
            return node.lineno
        made |= names if node.lineno < route else set()
    return None
