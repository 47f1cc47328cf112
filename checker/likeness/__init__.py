"""Hand-ins that are alike once what the course gave is taken away: a place to look, no verdict.

Short programs for one task look alike by nature, so what counts here is not how much two of them
share but how rare it is in this class: a line that four hundred learners wrote says nothing, one
that two wrote says something. Other tools were looked at and left: copydetect compares every pair
and brings matplotlib, compare50 pins attrs below 21, and both match pieces that are longer than
what a learner adds in most lessons; Pygments' lexers were held for over a minute by one hostile
file of 64 kB. One pass of a regular expression that cannot backtrack, and an index of rare lines,
take under a second for a thousand hand-ins of a lesson.
"""
