"""Make an nbgrader course in the current folder: ``make.py FOLDER_OF_SUBMISSIONS``.

The assignment is a notebook with a graded test cell for each of the nine; what a learner hands in
is the notebook, and the app beside it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import observations
from nbformat import v4

CONFIG = "c = get_config()\nc.CourseDirectory.root = {root!r}\n"
FIRST = "from pathlib import Path\n\nimport observations\n\nrun = observations.Run(Path.cwd())"


def notebook():
    """Return the assignment."""
    cells = [_cell("load", FIRST, None)]
    cells += [
        _cell(name, f"run.check({name!r})", check.points)
        for name, check in observations.CHECKS.items()
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return v4.new_notebook(cells=cells, metadata=kernel)


def _cell(name, source, points):
    graded = points is not None
    about = {"schema_version": 3, "grade_id": name, "locked": True, "solution": False}
    about |= {"grade": graded, "task": False}
    if graded:
        about["points"] = points
    return v4.new_code_cell(source, id=name.replace("_", "-"), metadata={"nbgrader": about})


if __name__ == "__main__":
    Path("nbgrader_config.py").write_text(CONFIG.format(root=str(Path.cwd())))
    Path("source/ps1").mkdir(parents=True)
    nbformat.write(notebook(), "source/ps1/ps1.ipynb")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"]
    subprocess.run(command, check=True)
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        target = Path("submitted", folder.name, "ps1")
        shutil.copytree(folder, target)
        shutil.copy("release/ps1/ps1.ipynb", target)
