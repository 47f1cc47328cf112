"""The course in a browser. Knows `checker`; `checker` never knows this package."""
