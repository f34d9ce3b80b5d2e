"""Label review: which given labels look wrong, what a person decides, and the data after it.

Use `suspects`, `neighbor_shares` and `probability_shares` to rank, `Decision` and
`read_corrections` to keep what was decided, `reviewed` and `rejudged` for the figures as reviewed,
`corrected_files` to take the data along.
"""
