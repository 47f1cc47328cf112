"""What each command of `course` does; `checker.cli` declares them."""
