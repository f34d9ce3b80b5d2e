"""A project: what one person made of a dataset, as one file that opens on another machine.

Use `Project`, `project_file` and `read_project`.
"""
