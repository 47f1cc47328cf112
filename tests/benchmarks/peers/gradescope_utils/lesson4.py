"""Lesson 4 with gradescope-utils: ``python lesson4.py FOLDER RESULTS.json``."""

import sys
import unittest
from pathlib import Path

import observations
from gradescope_utils.autograder_utils.decorators import number, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


def make_case(folder):
    """Make a test case with a method for each of the nine."""
    run = observations.Run(folder)

    def method(name, check):
        def test(self):
            try:
                run.check(name)
            except observations.Waiting as waiting:
                self.fail(str(waiting))

        test.__doc__ = check.run.__doc__
        return weight(check.points)(test)

    methods = {
        f"test_{place}_{name}": number(str(place))(method(name, check))
        for place, (name, check) in enumerate(observations.CHECKS.items(), 1)
    }
    return type("Lesson4", (unittest.TestCase,), methods)


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(make_case(Path(sys.argv[1])))
    with open(sys.argv[2], "w") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)
