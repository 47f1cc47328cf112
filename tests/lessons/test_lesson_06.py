"""Lesson 6 names the cause: what a learner reads whose page does not come to its answer."""

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "06-client")
STOPPED = "Your page's script stopped with "
LINE = " The line is {} of templates/index.html."
NOT_THERE = "At that moment the client was not loaded yet"
OTHER_PLACE = (
    "Connect to the server that the page came from: `io()`, without an address and without "
    "settings."
)
NO_CONNECTION = "Your page comes from http://127.0.0.1:5000, tries to connect to {}, and does not "
ON_BOTH_SIDES = (
    "The name in `socket.on(…)` must be the name that the server gives to `emit`, letter by letter."
)
SAID: dict[str, Said] = {
    "template-function-not-imported": (
        "Opening the page `/` ends with an error. The error is: NameError: name 'render_template' "
        "is not defined",
        "Your app uses `render_template` and does not import it. Add it at the top of the file: "
        "`from flask import render_template`. Several names are separated by commas.",
        'return render_template("index.html")',
    ),
    "view-stops": (
        "Opening the page `/` ends with an error. The error is: TypeError: list indices must be "
        "integers or slices, not str",
        "Look at the function of that page. The line that is named is where your own code was.",
        'visits["today"] += 1',
    ),
    "waits-in-a-loop": (
        "While opening the page, a script of your page did not come to an end.",
        "Look in the scripts of your page for a loop that never ends. What is to happen later "
        "belongs into a listener.",
        "",
    ),
    "script-before-the-library": (
        f"{STOPPED}ReferenceError: io is not defined.—{NOT_THERE}.",
        "A page runs its scripts from top to bottom. Put the `<script>` that loads the client "
        "above the one that uses `io`.",
        "",
    ),
    "client-deferred": (
        f"{STOPPED}ReferenceError: io is not defined.{LINE.format(13)} {NOT_THERE}: its tag says "
        f"`defer`, and so the browser goes on without waiting for it.{LINE.format(6)}",
        "Take `defer` out of the tag that loads the client.",
        "",
    ),
    "typographic-quotes": (
        f"{STOPPED}SyntaxError: Invalid or unexpected token.{LINE.format(16)} It has the sign “ in "
        "it, with which books are printed.",
        "JavaScript knows the straight quotation marks of the keyboard, `\"` and `'`. Text "
        "programs and web pages like to bend them: type them anew.",
        "",
    ),
    "bracket-missing": (
        f"{STOPPED}SyntaxError: missing ) after argument list.{LINE.format(21)}",
        "A browser that cannot read a script runs none of it. Look at this line and at those above "
        "it for a bracket, a brace or a quotation mark that has no partner.",
        "",
    ),
    "socket-under-another-name": (
        f"{STOPPED}ReferenceError: socket is not defined.{LINE.format(15)}",
        "Compare the name with the line that makes it, `const … =`, letter by letter. A name of a "
        "library is there when a `<script>` above has loaded that library.",
        "",
    ),
    "comment-without-an-end": (
        "Your page never connects: a comment begins and has no end, and all that stands below is "
        f"part of it.{LINE.format(10)}",
        "A comment begins with `<!--` and ends with `-->`, without a space in between.",
        "",
    ),
    "connects-on-demand-alone": (
        "Your page loads the client and never connects: `autoConnect: false` lets it wait for a "
        f"call of `connect()`, and no line makes that call.{LINE.format(13)}",
        "Take `autoConnect: false` out of the brackets of `io(…)`.",
        "",
    ),
    "message_is_sent/path-of-its-own": (
        f"{NO_CONNECTION.format('http://127.0.0.1:5000/live/')}succeed: The server answers: 404 "
        "Not Found.",
        OTHER_PLACE,
        "",
    ),
    "https-to-a-plain-server": (
        f"{NO_CONNECTION.format('https://127.0.0.1:5000/socket.io/')}succeed: It begins with "
        "`https`, and what listens there speaks `http`.",
        OTHER_PLACE,
        "",
    ),
    "another-port": (
        f"{NO_CONNECTION.format('http://127.0.0.1:8080/socket.io/')}succeed: Nothing listens at "
        f"this address.{LINE.format(13)}",
        OTHER_PLACE,
        "",
    ),
    "braces-in-a-static-script": (
        "Your page loads the client and never connects. `{{ request.host_url }}` arrives in the "
        "browser as it stands. The line is 1 of static/page.js.",
        "Flask fills in templates, and no other files. In a script of its own, `io()` needs no "
        "address.",
        "",
    ),
    "listens-for-the-message": (
        "Your server sends `response`, and your page listens for `message`." + LINE.format(19),
        ON_BOTH_SIDES,
        "",
    ),
    "listens-for-another-name": (
        "Your server sends `response`, and your page listens for `reponse`." + LINE.format(19),
        ON_BOTH_SIDES,
        "",
    ),
    "waits-for-a-return-value": (
        f"{STOPPED}TypeError: Cannot read properties of undefined (reading 'data')."
        f"{LINE.format(16)} A function inside of `emit(…)` gets what the handler in your server "
        "returns, and that returns nothing.",
        "The answer comes as an event of its own: listen for it with "
        '`socket.on("response", (data) => { … });`.',
        "",
    ),
    "leaves-before-the-answer": (
        "Your page begins to connect, and gives it up before your server can answer: it calls "
        "`socket.disconnect()`." + LINE.format(17),
        "A page stays connected until it is closed, and needs no line for that. Take this one "
        "away, or call it when somebody wants to leave.",
        "",
    ),
    "key-that-is-not-there": (
        "Your listener for `response` asks for `answer.text`, and there is no `text` in the "
        "payload." + LINE.format(20),
        'The payload is `{"data": "Message received!"}`, so the text is `answer.data`.',
        "",
    ),
    "key-of-a-missing-key": (
        f"{STOPPED}TypeError: Cannot read properties of undefined (reading 'data')."
        f"{LINE.format(20)}",
        "Read the error in your browser too: press F12 and open the console. A script that stops "
        "runs none of the lines below.",
        "",
    ),
    "text-set-like-a-function": (
        f"{STOPPED}TypeError: document.getElementById(...).textContent is not a function."
        f"{LINE.format(20)}",
        "What stands in front of the brackets is no function. `on` and `emit` belong to what "
        "`io()` returns, and the text of an element is set with `=`: `….textContent = data.data`.",
        "",
    ),
    "two-payloads": (
        "Your page sends `message` with 2 payloads, and the handler in your server does not take "
        "them: TypeError: handle_message() takes 1 positional argument but 2 were given."
        f"{LINE.format(16)}",
        "Put what belongs together into one payload: "
        '`socket.emit("message", { name: "Ada", text: "Hello" })`.',
        "",
    ),
    "braces-between-quotes": (
        "Your page shows `${…}`, and not what stands for it.",
        "JavaScript fills in `${…}` between backticks, and not between quotation marks. Here you "
        "need neither: write `data.data` alone.",
        "",
    ),
    "text-of-a-field": (
        "Your page sets `textContent` of an `<input>`, and a field does not show that."
        + LINE.format(20),
        "What stands in a field is its `value`.",
        "",
    ),
    "value-of-a-paragraph": (
        "Your page sets `value` of a `<p>`, which only fields show." + LINE.format(21),
        "What stands between the tags of an element is its `textContent`.",
        "",
    ),
    "small-letter-in-text-content": (
        "Your page sets `textcontent`, and no element has that." + LINE.format(20),
        "Capitals count: it is called `textContent`.",
        "",
    ),
    "compared-before-it-is-set": (
        "Your page sets `textcontent`, and no element has that." + LINE.format(21),
        "Capitals count: it is called `textContent`.",
        "",
    ),
    "compared-and-not-set": (
        '`getElementById("answer").textContent ==` in your page compares, and changes nothing.'
        + LINE.format(20),
        "One `=` sets, and two or three of them ask whether both sides are equal.",
        "",
    ),
    "answer-written-over": (
        "The answer reached your page, and its text cannot be read there. The page reads: "
        "'My live page An answer came.'",
        "In the listener for `response`, put `data.data` into an element that can be seen: "
        '`document.getElementById("answer").textContent = data.data`.',
        "",
    ),
    "shown-in-a-hidden-element": (
        "Your page writes the answer into an element that nobody can see: its tag says `hidden`."
        + LINE.format(10),
        "Take that out of the tag, or make the element seen when the answer comes.",
        "",
    ),
}
"""A mistake to message, help, and the line that is shown."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])
