"""The rooms behind `checker.grade`: what a class handed in, who works on it, and what is kept."""
