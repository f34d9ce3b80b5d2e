"""What is computed once and shared by all viewers, read-only: the only package that keeps results.

`datasets`, `evaluations`, `descents` and `charts` each name their `stores`.
"""
