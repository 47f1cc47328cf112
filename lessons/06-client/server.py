"""What the server did on the way: its mode, and the errors that it printed."""

from checker import App, Failure, last_stop


def explain_server(app: App, doing: str) -> None:
    """Raise a Failure if the reason is the server's own: its mode, or an error that it printed."""
    line, error = own_error(app)
    loaded = app.load()
    if loaded.served and loaded.served.get("by") == "app.run" and loaded.async_mode != "threading":
        cause = (
            f"The `async_mode` is {loaded.async_mode}, and the script starts Flask's own server "
            "with `run()`, which never gives that mode its turn. `socketio.run(app)` does."
        )
        line = app.source.line_of(".run(")
    elif error:
        cause = f"Your server stopped on the way: {error}"
    else:
        return
    raise Failure(
        f"Your page {doing}. {cause}",
        help="The cause is in your server, not in the page. Look into its terminal: the last "
        "lines name the error and the place.",
        line=line,
    )


def own_error(app: App) -> tuple[int | None, str]:
    """Find the last error of the learner's own script, or of a call to it: (line, its words)."""
    stop = last_stop(app.output, (app.source.entry,))
    if stop is None:
        return None, ""
    name = (stop.called or "").rpartition(".")[2]
    return app.source.line_of(f"def {name}(") if name else stop.line, stop.words[:200]
