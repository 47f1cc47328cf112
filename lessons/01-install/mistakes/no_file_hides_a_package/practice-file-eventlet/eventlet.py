"""A place to try eventlet."""

print("trying eventlet")
