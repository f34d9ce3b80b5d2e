"""Tables that leave the app: CSV whose cells no spreadsheet takes for a formula."""

import pandas as pd

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """``text`` with a leading apostrophe where a spreadsheet would read a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def without_guard(text: str) -> str:
    """Undoes `guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every cell of text guarded; numbers stay numbers."""
    texts = table.select_dtypes(exclude=["number", "bool"]).columns
    return table.assign(**{name: table[name].astype(str).map(guarded) for name in texts})


def csv_bytes(table: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 without its row numbers, text cells guarded."""
    return safe_cells(table).to_csv(index=False).encode()
