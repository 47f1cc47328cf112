"""What is kept: the database, its tables, and what a learner has done."""
