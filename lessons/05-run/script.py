"""What the script says and prints about its server."""

from checker import App, Call, Failure, Loaded


def load_or_none(app: App) -> Loaded | None:
    """Load the app; None where that fails, as it may although the script runs."""
    try:
        return app.load()
    except Failure:
        return None


def calls_of_run(app: App) -> list[Call]:
    """The script's calls of somebody's `run`."""
    return [call for call in app.source.calls("run") if call.file == app.source.entry]


def start_line(app: App) -> int | None:
    """The line of the script that calls somebody's `run`."""
    return next((call.line for call in calls_of_run(app)), None)


def served_line(app: App, loaded: Loaded) -> int | None:
    """The line of the script that was seen to start a server."""
    line = (loaded.served or {}).get("line")
    return next((call.line for call in calls_of_run(app) if call.line == line), None)


def line_with(app: App, option: str) -> int | None:
    """The line of the script that makes a SocketIO object with this option."""
    calls = [*app.source.calls("SocketIO"), *app.source.calls("init_app")]
    own = [call for call in calls if call.file == app.source.entry and option in call.keywords]
    return own[0].line if own else None


def last_line(printed: str) -> str:
    """The last line that was printed; empty where there is none."""
    return (printed.strip().splitlines() or [""])[-1]
