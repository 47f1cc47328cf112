"""Code that runs inside the sandbox. It holds no answers and forms no verdicts.

Nothing here may import from the rest of the checker: the sandbox cannot see it.
"""
