"""Code that I want to keep."""

greeting = "hello"
