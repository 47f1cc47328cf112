"""The sandbox: warm processes, stages, and the channel through which observations come out.

`inside/` is the only code of ours that shares a process with a learner's; everything else here
runs in the judge, which holds the answers and trusts nothing that comes back.
"""
