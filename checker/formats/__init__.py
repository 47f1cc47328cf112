"""A report in each form in which someone wants it: pure functions, from the model to text.

What learners wrote (names, messages, output) is neutralised in `text`, and only there.
"""
