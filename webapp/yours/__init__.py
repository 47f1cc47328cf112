"""What a learner has done, shown, printed and taken along."""
