"""Tests that need walls, which not every machine has."""

import pytest

from checker.stage.sandbox import refused

needs_walls = pytest.mark.skipif(refused() is not None, reason=f"no bubblewrap: {refused()}")
