"""Reads images laid out as `untar_data(URLs.MNIST)` leaves them: a folder a split, one a digit."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.datasets.dataset import Dataset, Reason, Skipped, Split
from engine.io.file_names import natural_order
from engine.runtime.progress import Phase, Progress, no_progress

SPLITS = ("training", "testing")
DIGITS = tuple(str(digit) for digit in range(10))
MNIST_FILES = {"training": 60_000, "testing": 10_000}  # named 0.png, 1.png, … in each split
MNIST_SIZE = (28, 28)
MNIST_NAME = "MNIST"
MOST_BAD = 0.01  # share of missing and unusable files above which a folder is not believed
REPORT_EVERY = 500  # images between two reports of progress


class BadFolder(ValueError):
    """The folder is not the dataset it should be; the message says what was found and wanted."""


class BadImage(ValueError):
    """One file cannot be used; the message says why, in a few words."""


def read_folder(
    root: Path,
    name: str,
    size: tuple[int, int] = MNIST_SIZE,
    wanted: Mapping[str, int] = MNIST_FILES,
    progress: Progress = no_progress,
) -> Dataset:
    """The images under ``root``, each as 8-bit grey of ``size`` (h, w), by their numbers.

    ``N.png`` is image N of the published split; while no file is missing, N is its index.

    A file that is missing (of ``wanted`` numbered files a split), cannot be decoded, or has another
    size is named in ``Dataset.skipped``, and so is what else lies beside the folders. Raises
    BadFolder when a digit's folder is missing, or when more than one file in a hundred was skipped.
    Source: notebook, "Variables", "Execution".
    """
    files = {split: _held(root, list_files(root, split), wanted.get(split, 0)) for split in SPLITS}
    total = sum(map(len, files.values()))
    skipped = missing_files(files, wanted)
    refuse_if_bad(skipped, wanted)
    training = read_split(root, files["training"], size, skipped, _part(progress, 0, total))
    rest = _part(progress, len(files["training"]), total)
    testing = read_split(root, files["testing"], size, skipped, rest)
    refuse_if_bad(skipped, wanted)
    return Dataset(name, training, testing, skipped=(*skipped, *_foreign_entries(root)))


def _foreign_entries(root: Path) -> list[Skipped]:
    """Whatever lies beside the two splits, or beside the ten folders in one of them."""
    places = {"": SPLITS, **{f"{split}/": DIGITS for split in SPLITS}}
    return [
        Skipped(f"{place}{entry.name}", Reason.FOREIGN)
        for place, known in places.items()
        if (root / place).is_dir()
        for entry in sorted((root / place).iterdir())
        if entry.name not in known
    ]


def list_files(root: Path, split: str) -> list[str]:
    """All files of one split under ``root``, by the number each is named by, others behind them.

    As text: 70,000 paths would each be looked at whenever garbage is collected, which is after
    every rerun of a page, and leave a first load beside a busy viewer no time.
    """
    files: list[str] = []
    for digit in DIGITS:
        folder = root / split / digit
        if not folder.is_dir():
            raise BadFolder(f"there is no folder {split}/{digit} (wanted: ten in each split)")
        files += [f"{split}/{digit}/{name}" for name in os.listdir(folder)]
    return sorted(files, key=lambda file: natural_order(file.split("/")[2]))


def _held(root: Path, files: list[str], wanted: int) -> list[str]:
    """``files`` without the empty ones among the numbered: those count as missing."""
    numbers = set(map(str, range(wanted)))
    return [f for f in files if os.stat(f"{root}/{f}").st_size or _stem(f) not in numbers]


def _stem(file: str) -> str:
    return PurePosixPath(file).stem


def missing_files(files: Mapping[str, list[str]], wanted: Mapping[str, int]) -> list[Skipped]:
    """Each numbered file that should be among ``files`` and is not."""
    missing = []
    for split, count in wanted.items():
        there = set(map(_stem, files[split]))
        absent = [number for number in range(count) if str(number) not in there]
        missing += [Skipped(f"{split}/…/{number}.png", Reason.MISSING) for number in absent]
    return missing


def refuse_if_bad(skipped: list[Skipped], wanted: Mapping[str, int]) -> None:
    """Raises BadFolder when more than one wanted file in a hundred was skipped."""
    total = sum(wanted.values())
    if len(skipped) > MOST_BAD * total:
        raise BadFolder(
            f"{len(skipped):,} of {total:,} image files cannot be used, more than {MOST_BAD:.0%}; "
            f"the first: {skipped[0]}"
        )


def whole_mnist(root: Path) -> Path:
    """``root``, if MNIST's files are in it; raises BadFolder where one in a hundred is missing."""
    files = {split: _held(root, list_files(root, split), MNIST_FILES[split]) for split in SPLITS}
    refuse_if_bad(missing_files(files, MNIST_FILES), MNIST_FILES)
    return root


def read_split(
    root: Path, files: list[str], size: tuple[int, int], skipped: list[Skipped], progress: Progress
) -> Split:
    """The images of ``files``; what cannot be used is appended to ``skipped`` with its reason."""
    images = np.empty((len(files), *size), dtype=np.uint8)
    kept: list[str] = []
    for number, (file, found) in enumerate(_decoded(root, files, size), start=1):
        if isinstance(found, BadImage):
            skipped.append(Skipped(file, Reason.UNREADABLE, str(found)))
        else:
            images[len(kept)] = found
            kept.append(file)
        if number % REPORT_EVERY == 0 or number == len(files):
            progress(Phase.DECODING, number, len(files))
    labels = np.array([int(file.split("/")[1]) for file in kept], dtype=np.int64)
    return Split(images[: len(kept)], labels, np.array(kept, dtype=str))


def decode(file: Path | BinaryIO, size: tuple[int, int]) -> np.ndarray:
    """The image as (h, w) uint8 grey; colour becomes luminance, 16-bit grey is scaled to 8 bits.

    Raises BadImage for anything that is not a whole PNG of the wanted ``size`` (height, width).
    """
    try:
        with Image.open(file, formats=("PNG",)) as image:
            found = image.height, image.width
            if found != tuple(size):  # from the header, before a pixel is decoded
                raise BadImage(f"is {found[0]}×{found[1]} pixels, not {size[0]}×{size[1]}")
            if image.mode.startswith("I"):  # convert("L") would clip 16 bits instead of scaling
                return (np.asarray(image, dtype=np.int64) >> 8).astype(np.uint8)
            return np.asarray(image if image.mode == "L" else image.convert("L"))
    except UnidentifiedImageError:
        raise BadImage("is not a PNG image") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, BadImage):
            raise
        raise BadImage(f"is damaged ({type(error).__name__})") from error


def _decoded(
    root: Path, files: list[str], size: tuple[int, int]
) -> Iterator[tuple[str, np.ndarray | BadImage]]:
    for file in files:
        try:
            yield file, decode(root / file, size)
        except BadImage as error:
            yield file, error


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Reports one split's progress as progress through the whole folder."""
    return lambda step, done, _: progress(step, before + done, total)
