"""Uploaded datasets: one module a format, and each refuses before it reads.

Use `load`; the others are its parts.
"""
