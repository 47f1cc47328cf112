"""Records what really passes between pages and a server, for the course's Visual mode.

``python -m tests.recorder`` writes ``lessons/modes/visual/*/recording.json`` anew; with names, only
those. `tests/webapp/test_recorder.py` records one again and compares.
"""
