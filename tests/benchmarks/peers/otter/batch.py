"""Grade with otter's own functions: ``batch.py AUTOGRADER.zip JOBS RESULTS.json NOTEBOOK …``.

A pool of processes that stay is quicker than ``otter run`` each time: otter imports pandas.
"""

import json
import sys
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from otter.api import grade_submission


def grade(autograder, notebook):
    """Return the learner and the part of the points that their notebook got."""
    results = grade_submission(notebook, autograder, quiet=True)
    return Path(notebook).stem, results.total / results.possible


if __name__ == "__main__":
    autograder, jobs, out, *notebooks = sys.argv[1:]
    if int(jobs) == 1:
        scores = dict(map(partial(grade, autograder), notebooks))
    else:
        with Pool(int(jobs)) as pool:
            scores = dict(pool.imap_unordered(partial(grade, autograder), notebooks))
    Path(out).write_text(json.dumps(scores))
