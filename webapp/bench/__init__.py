"""The workbench: a learner's files, the checks that run on them, and the app that runs beside."""
