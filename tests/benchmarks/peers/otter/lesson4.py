"""Lesson 4 in otter-grader: a test file with a case for each of the nine.

The notebook that is graded has one cell, which says where the learner's app lies: FOLDER.
"""

OK_FORMAT = False
name = "lesson4"

import observations  # noqa: E402
from otter.test_files import test_case  # noqa: E402

RUNS = {}


def check(case):
    """Make a test case of one of the nine."""

    def body(FOLDER):
        from pathlib import Path

        run = RUNS.setdefault(FOLDER, observations.Run(Path(FOLDER)))
        run.check(case)

    return test_case(name=case, points=observations.CHECKS[case].points)(body)


client_connects = check("client_connects")
page_still_answers = check("page_still_answers")
message_is_printed = check("message_is_printed")
objects_are_printed_too = check("objects_are_printed_too")
message_is_answered = check("message_is_answered")
each_message_gets_one_answer = check("each_message_gets_one_answer")
nobody_else_hears_it = check("nobody_else_hears_it")
nothing_without_a_message = check("nothing_without_a_message")
answer_is_real = check("answer_is_real")
