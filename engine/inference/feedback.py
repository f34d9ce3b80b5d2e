"""Keeps score of the answers to a viewer's own digits and packs them for taking home."""

import io
import zipfile
from dataclasses import dataclass

import numpy as np
import pandas as pd
from PIL import Image

from engine.io.csv_export import csv_bytes
from engine.io.file_names import safe_name
from engine.runtime.limits import MAX_DRAWINGS


@dataclass(frozen=True)
class Entry:
    """One prepared image, where it came from, what it was called, and what it was."""

    image: np.ndarray
    source: str
    model: str
    answer: int | str
    true: int | str
    margin: float

    @property
    def right(self) -> bool:
        return self.answer == self.true


def record(entries: list[Entry], entry: Entry) -> list[Entry]:
    """The entries with this one; the same image and model again replaces its older entry.

    At most `MAX_DRAWINGS` are kept, the latest.
    """
    others = [
        old
        for old in entries
        if old.model != entry.model or not np.array_equal(old.image, entry.image)
    ]
    return [*others, entry][-MAX_DRAWINGS:]


def as_table(entries: list[Entry]) -> pd.DataFrame:
    """One row an entry: file, source, model, answer, true, right, margin."""
    rows = [
        {
            "file": f"{number:03d}_true_{safe_name(str(entry.true))}.png",
            "source": entry.source,
            "model": entry.model,
            "answer": entry.answer,
            "true": entry.true,
            "right": entry.right,
            "margin": entry.margin,
        }
        for number, entry in enumerate(entries, 1)
    ]
    columns = ["file", "source", "model", "answer", "true", "right", "margin"]
    return pd.DataFrame(rows, columns=columns)


def as_zip(entries: list[Entry]) -> bytes:
    """A zip with every image as a grey PNG (ink bright, the dataset's size) and ``dataset.csv``.

    File names of the viewer that a spreadsheet would take for a formula get an apostrophe.
    """
    table = as_table(entries)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, entry in zip(table["file"], entries, strict=True):
            picture = io.BytesIO()
            Image.fromarray(entry.image).save(picture, "PNG")
            archive.writestr(name, picture.getvalue())
        archive.writestr("digits.csv", csv_bytes(table))
    return packed.getvalue()
