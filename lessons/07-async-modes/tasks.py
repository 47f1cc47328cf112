"""Work beside the handlers: the calls that start it, and what they hand over."""

import ast
import re
from bisect import bisect_left
from operator import itemgetter

from checker import App, Call, Client, Failure, Server, last_stop

from .places import place_of

STARTERS = {"start_background_task": 0, "spawn": 0, "spawn_n": 0, "Thread": 1, "Timer": 1}
"""Calls that start work beside the handlers, and which argument is the function."""
TRACEBACK = "Traceback (most recent call last)"
NOT_CALLABLE = r"TypeError: '\w+' object is not callable|RecursionError: [^\n]{0,100}"
"""What a terminal says after something that is no function was started."""


def starting_calls(app: App) -> list[Call]:
    """The calls that start work beside the handlers."""
    return [call for name in STARTERS for call in app.source.calls(name)]


def work_of(call: Call) -> ast.expr | None:
    """What stands where such a call wants a function."""
    position = STARTERS[call.name.rpartition(".")[2]]
    named = call.keywords.get("target") or call.keywords.get("function")
    return call.args[position] if len(call.args) > position else named


def last_name(node: ast.expr | None) -> str:
    """The last name of `work` and `self.work`; nothing for what is no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def refuse_result(app: App, server: Server, client: Client, since: int) -> None:
    """Refuse `start_background_task(work(sid))`: the handler does the work itself, tick by tick.

    What it hands over is nothing that can be called. gevent and eventlet say so in the terminal; a
    thread is silent, and then it counts that the handler ends after its last tick.
    """
    starts = _results(app)
    if starts:
        server.wait_output("Error", within=0.5)
    if _not_callable(app, server.output[since:]):
        explain_result(app, server.output[since:])
    if not starts:
        return
    client.received()
    client.call("start_ticks", within=2.5)
    if sum(event.name == "tick" for event in client.received()) >= 3:
        explain_result(app, server.output[since:])


def explain_result(app: App, printed: str) -> None:
    """Raise a Failure if the result of a call is handed over as work."""
    starts = _results(app)
    said = _not_callable(app, printed)
    if not starts and not said:
        return
    stopped = f" Your server stopped on the way: {said}." if said else ""
    call, result = starts[0] if starts else (None, None)
    if call is None or result is None:
        raise Failure(
            f"`start_ticks` starts something that is no function.{stopped}",
            help="Hand over the name of a function, without brackets, and its values after it: "
            "`socketio.start_background_task(send_ticks, request.sid)`.",
        )
    name = ast.unparse(result.func)
    line, place = place_of(app, call.file, call.line)
    raise Failure(
        f"The brackets in `{ast.unparse(result)}` call the function at once: the handler sends the "
        f"ticks itself, and hands over what comes back, which is no function.{stopped}{place}",
        help=f"Hand over `{name}` without brackets, and its values in a place of their own: "
        f"`{_handing_over(call, result)}`.",
        line=line,
    )


def _not_callable(app: App, printed: str) -> str | None:
    """The error of a task that is no function; it comes before any line of the app's own."""
    for part in printed.split(TRACEBACK)[1:]:
        said = re.search(NOT_CALLABLE, part)
        if said and last_stop(TRACEBACK + part, app.files) is None:
            return said[0]
    return None


def _handing_over(call: Call, result: ast.Call) -> str:
    """How the learner's own call would hand the function over."""
    name, values = ast.unparse(result.func), [ast.unparse(value) for value in result.args]
    if call.name.endswith("Thread"):
        return f"Thread(target={name}, args=({''.join(f'{value}, ' for value in values).strip()}))"
    if call.name.endswith("Timer"):
        return f"Timer(0.3, {name}, [{', '.join(values)}])"
    return f"{call.name}({', '.join([name, *values])})"


def _results(app: App) -> list[tuple[Call, ast.Call]]:
    """Where work is to be started with the result of a function of the app that returns nothing."""
    giving = app.source.functions_with(_gives)
    silent = {
        function.name
        for _, function in app.source.functions()
        if not function.decorator_list and function not in giving
    }
    found = []
    values = {name: _values(app.source.tree(name)) for name in app.files}
    for call in starting_calls(app):
        work = work_of(call)
        if isinstance(work, ast.Name):
            work = _last_value(values[call.file].get(work.id, []), call.line)
        if isinstance(work, ast.Call) and last_name(work.func) in silent:
            found.append((call, work))
    return found


def _values(tree: ast.Module | None) -> dict[str, list[tuple[int, ast.expr]]]:
    """What is assigned to each name of a file, by line."""
    found: dict[str, list[tuple[int, ast.expr]]] = {}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found.setdefault(last_name(target), []).append((node.lineno, node.value))
    for lines in found.values():
        lines.sort(key=itemgetter(0))
    return found


def _last_value(values: list[tuple[int, ast.expr]], line: int) -> ast.expr | None:
    """What was last assigned above a line."""
    above = bisect_left(values, line, key=itemgetter(0))
    return values[above - 1][1] if above else None


def _gives(node: ast.AST) -> bool:
    """Whether a node gives something back to the caller of its function."""
    if isinstance(node, ast.Return):
        return node.value is not None
    return isinstance(node, ast.Yield | ast.YieldFrom)
