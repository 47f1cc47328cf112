"""Places in the learner's files, as a failure names them."""

from checker import App


def place_of(app: App, file: str | None, line: int | None) -> tuple[int | None, str]:
    """A place for the learner: (line of the script, or a sentence that names another file)."""
    if file is None or line is None:
        return None, ""
    if file == app.source.entry:
        return line, ""
    return None, f" The line is {line} of {file}."


def place_of_function(app: App, name: str) -> tuple[int | None, str]:
    """Where a function is defined."""
    for file, function in app.source.functions():
        if function.name == name:
            return place_of(app, file, function.lineno)
    return None, ""
