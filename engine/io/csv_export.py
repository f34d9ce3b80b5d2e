"""Tables that leave the app: CSV whose cells no spreadsheet takes for a formula."""

import re

import pandas as pd

SIGNS = r"=+\-@＝＋－＠"  # begin a formula; spreadsheets of East Asia read the wide ones, too
# Where a cell begins: with the text, or, in a spreadsheet that separates otherwise, within it.
BEGINS = r"(^\s*|[;\t\r\n]\s*)"
BLANK = re.compile(r"'*[\t\r\n]")  # some spreadsheets strip these and read on


def guarded(text: str) -> str:
    """``text`` with an apostrophe where a spreadsheet would read a formula.

    That is before ``= + - @`` at its beginning or after a ``;``, a tab or a line break, and before
    a tab or line break at its beginning. `without_guard` gives every text back as it was.
    """
    text = re.sub(rf"{BEGINS}('*[{SIGNS}])", r"\1'\2", text)
    return f"'{text}" if BLANK.match(text) else text


def without_guard(text: str) -> str:
    """Undoes `guarded`."""
    text = text[1:] if text.startswith("'") and BLANK.match(text) else text
    return re.sub(rf"{BEGINS}'('*[{SIGNS}])", r"\1\2", text)


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every cell and column name of text guarded; numbers stay numbers."""
    texts = table.select_dtypes(exclude=["number", "bool"]).columns
    cells = table.assign(**{name: table[name].astype(str).map(guarded) for name in texts})
    return cells.rename(columns=lambda name: guarded(str(name)))


def csv_bytes(table: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 without its row numbers, text guarded."""
    return safe_cells(table).to_csv(index=False).encode()
