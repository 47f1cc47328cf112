"""Write what nbgrader's gradebook says, learner by learner, as JSON: points of points."""

import json

from nbgrader.api import Gradebook

if __name__ == "__main__":
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        scores = {
            item.student.id: item.score / item.max_score
            for item in gradebook.assignment_submissions("ps1")
        }
    print(json.dumps(scores))
