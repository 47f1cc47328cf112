"""Lesson 3 names the cause: what a learner reads whose app does not do what the task asks."""

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "03-initialise")
SAID: dict[str, Said] = {
    "app_loads/ends-itself": (
        "Your script ends itself before it comes to its last line, so it starts no server.",
        "Take out the line that ends it, such as `sys.exit()`.",
        "sys.exit()",
    ),
    "app_loads/asked-of-the-flask-app": (
        "Under the `__main__` guard, your app raised AttributeError: 'Flask' object has no "
        "attribute 'socketio'",
        "The SocketIO object has a name of its own, which nothing stands in front of: "
        "`socketio.run(app)`.",
        "app.socketio.run(app)",
    ),
    "app_loads/class-started": (
        "Under the `__main__` guard, your app raised TypeError: SocketIO.run() missing 1 "
        "required positional argument: 'app'",
        "Brackets after `SocketIO` make the object. Without them, your name stands for the "
        "class: the plan of such an object.",
        "socketio = SocketIO",
    ),
    "app_loads/class-without-brackets": (
        "While loading, your app raised TypeError: SocketIO.init_app() missing 1 required "
        "positional argument: 'app'",
        "Brackets after `SocketIO` make the object. Without them, your name stands for the "
        "class: the plan of such an object.",
        "socketio = SocketIO",
    ),
    "app_loads/mode-given-to-flask": (
        "While loading, your app raised TypeError: Flask.__init__() got an unexpected "
        "keyword argument 'async_mode'",
        "`Flask` does not know that option. What is meant for Socket.IO belongs in the "
        "brackets of `SocketIO(app, …)`.",
        'app = Flask(__name__, async_mode="threading")',
    ),
    "app_loads/mode-without-its-name": (
        "While loading, your app raised TypeError: SocketIO.__init__() takes from 1 to 2 "
        "positional arguments but 3 were given",
        "After the Flask app, each option is written with its name: `SocketIO(app, "
        'async_mode="threading")`.',
        'socketio = SocketIO(app, "threading")',
    ),
    "app_loads/option-of-run-misspelled": (
        "Under the `__main__` guard, your app raised TypeError: run_simple() got an "
        "unexpected keyword argument 'prot'",
        "`prot` was given to the call that starts the server, and the server knows no option "
        "of that name. Capitals and underscores count. The option is called `port`: write it "
        "so, letter by letter.",
        "socketio.run(app, prot=5001)",
    ),
    "app_loads/run-given-the-socketio-object": (
        "Under the `__main__` guard, your app raised AttributeError: 'SocketIO' object has "
        "no attribute 'config'",
        "Write your Flask app into the brackets of `run`: `socketio.run(app)`.",
        "socketio.run(socketio)",
    ),
    "app_loads/run-of-the-class": (
        "Under the `__main__` guard, your app raised TypeError: SocketIO.run() missing 1 "
        "required positional argument: 'app'",
        "Before `.run` stands the SocketIO object, and your Flask app stands in the "
        "brackets: `socketio.run(app)`.",
        "SocketIO.run(app)",
    ),
    "app_loads/run-without-the-app": (
        "Under the `__main__` guard, your app raised TypeError: SocketIO.run() missing 1 "
        "required positional argument: 'app'",
        "Before `.run` stands the SocketIO object, and your Flask app stands in the "
        "brackets: `socketio.run(app)`.",
        "socketio.run()",
    ),
    "app_loads/threaded-given-to-run": (
        "Under the `__main__` guard, your app raised TypeError: flask.app.Flask.run() got "
        "multiple values for keyword argument 'threaded'",
        "Take `threaded` out: the server that `socketio.run` starts has a thread for each "
        "visitor already.",
        "socketio.run(app, threaded=True)",
    ),
    "client_connects/message-queue": (
        "While letting a client connect, your app raised RuntimeError: Test client cannot be "
        "used with a message queue. Disable the queue on your test configuration.",
        "The checks run your app alone, without such a queue. Take the option `message_queue` out.",
        'socketio = SocketIO(app, async_mode="threading", message_queue="redis://")',
    ),
    "hello_page/login-in-front": (
        "Your app answers `/` with the status 401: it turns the visitor away. The task asks "
        "for a page that everybody sees.",
        "Leave the page `/` out of what asks visitors who they are.",
        "@app.before_request",
    ),
    "hello_page/route-below-run": (
        "Your app answers `/` with the status 404: its route stands below the line that "
        "starts the server.",
        "That line does not come back while the server runs, so what follows is not read. "
        "Move it to the end of the file.",
        '@app.route("/")',
    ),
    "one_socketio_object/without-a-name": (
        "Line 5 of `app.py` makes a SocketIO object, and no name stands for it. The task "
        "asks you to keep it under a name.",
        "Write a name and an equals sign in front: `socketio = SocketIO(…)`. By that name "
        "your functions find the object in the next lessons.",
        'SocketIO(app, async_mode="threading")',
    ),
}
"""A mistake to message, help, and the line that is shown. What differs each time is a dash."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])
