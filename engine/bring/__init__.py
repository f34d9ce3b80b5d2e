"""Data sets that others bring: one file a format, and all of them refuse before they spend."""
