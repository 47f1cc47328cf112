"""What is read: pages and lessons, their programs, search, and all of it without a network."""
