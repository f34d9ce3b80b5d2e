"""What a shard adds to the verdict on a model: counts, margins, and a few images of each cell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.datasets.dataset import Split
from engine.evaluation.metrics import matrix, outcomes
from engine.models.base import Classifier
from engine.models.class_sums import as_one_kind
from engine.models.templates import CHUNK
from engine.shards.kept import Kept, lowest
from engine.shards.sources.shard import Block, Tally, Unread, place_hash, total

EDGES = 2.0 ** (np.arange(-160, 1) / 8)  # of the margins' bins: eighths of an octave up to 1
KEPT_BYTES = 40_000_000  # of the pixels that a verdict keeps, at most
SAMPLE_SEED = "sample"
UNKNOWN = "is of a class that no training image has"
ERRORS = ["shard", "index", "true", "predicted", "margin", "gap"]
Found = Callable[[pd.DataFrame], None]  # is given the errors of each block


@dataclass(frozen=True)
class Keep:
    """How many images of each cell are kept: the ``worst``, and a ``sample`` by ``seed``."""

    worst: int = 60
    sample: int = 20
    seed: int = 0

    def within(self, classes: int, pixels: int) -> "Keep":
        """As many as fit into `KEPT_BYTES`, at least one of each kind."""
        room = KEPT_BYTES // (classes**2 * pixels) / (self.worst + self.sample)
        share = min(room, 1)
        few = [max(int(many * share), 1) for many in (self.worst, self.sample)]
        return Keep(*few, self.seed)


@dataclass(frozen=True, eq=False)
class Verdict:
    """A model judged on images: bounded, however many there are; parts add up with ``+``.

    ``counts`` (k, k) has the true class as its row, by places in ``classes`` (k,). ``margins``
    (k, k, 162) counts the margins of each cell by `EDGES`: the first bin lies below all of them,
    the last one above. ``worst`` has of each cell the images with the largest gaps, of right
    answers those with the smallest margins; ``sample`` as many as if drawn at random.
    """

    classes: np.ndarray
    counts: np.ndarray
    margins: np.ndarray
    worst: Kept
    sample: Kept
    tally: Tally

    @property
    def n_right(self) -> int:
        return int(self.counts.trace())

    @property
    def n_images(self) -> int:
        return int(self.counts.sum())

    def __add__(self, other: "Verdict") -> "Verdict":
        """Both on the same model, in any order and grouping to the same bits.

        Raises ValueError for other classes.
        """
        if not np.array_equal(self.classes, other.classes):
            raise ValueError(f"classes are {other.classes}, wanted {self.classes} as before")
        return Verdict(
            self.classes,
            self.counts + other.counts,
            self.margins + other.margins,
            self.worst + other.worst,
            self.sample + other.sample,
            self.tally + other.tally,
        )


def shard_verdict(
    name: str,
    blocks: Iterable[Block],
    model: Classifier,
    keep: Keep | None = None,
    found: Found = lambda errors: None,
) -> Verdict | None:
    """The verdict on a fitted model by the blocks of the shard of that name; None of no block.

    ``found`` is given a table of the errors of each block: shard, index, true, predicted, margin,
    gap. Images of a class that the model does not know are named among the unread.
    """
    keep = (keep or Keep()).within(len(model.classes_), model.n_features_in_)
    return total(
        judged(name, *known(name, block, model.classes_), model, keep, found)[0] for block in blocks
    )


def judged(
    name: str, block: Block, own: np.ndarray, model: Classifier, keep: Keep, found: Found
) -> tuple[Verdict, np.ndarray]:
    """The verdict on one block of known classes, and the places (n,) in them of the answers.

    ``own`` (n,) are those of the true classes; the others are as in `shard_verdict`.
    """
    classes = model.classes_
    split = Split(block.images, classes[own], block.index)
    table = outcomes(split, distances(model, block.images), classes)
    table["index"], table["shard"] = block.index, name
    found(table.loc[~table["right"], ERRORS])
    counts = matrix(table["true"], table["predicted"], classes)
    answers = np.searchsorted(classes, table["predicted"].to_numpy())
    cell = own * len(classes) + answers
    margins = np.zeros((len(classes) ** 2, len(EDGES) + 1), np.int64)
    np.add.at(margins, (cell, np.searchsorted(EDGES, table["margin"], "right")), 1)
    bad = np.where(table["right"], table["margin"], -table["gap"])
    drawn = place_hash(name, block.index, f"{SAMPLE_SEED} {keep.seed}")
    kept = [
        _kept(block, table, cell, key, most)
        for key, most in ((bad, keep.worst), (drawn, keep.sample))
    ]
    margins = margins.reshape(*counts.shape, -1)
    return Verdict(classes, counts, margins, *kept, Tally.of(block)), answers


def distances(model: Classifier, images: np.ndarray) -> np.ndarray:
    """How far each image is from each class, (n, k): the same bits in whatever company it comes.

    The last rows of a product of matrices are added up in another order than those before, so that
    blank images fill the last chunk.
    """
    filled = np.pad(images, ((0, -len(images) % CHUNK), (0, 0), (0, 0)))
    return model.distances(filled)[: len(images)]


def _kept(block: Block, table: pd.DataFrame, cell: np.ndarray, key: np.ndarray, most: int) -> Kept:
    rows = lowest(cell, (block.index, key, cell), most)
    columns = (table[name].to_numpy()[rows] for name in ("margin", "gap"))
    shard = table["shard"].to_numpy()[rows].astype(str)
    return Kept(most, cell[rows], key[rows], shard, block.index[rows], *columns, block.images[rows])


def known(name: str, block: Block, classes: np.ndarray) -> tuple[Block, np.ndarray]:
    """The images whose class the model knows, and its place; the others are unread."""
    own = _places(block.labels, classes)
    strange = block.index[own < 0]
    unread = tuple(Unread(name, int(index), UNKNOWN) for index in strange)
    rest = block.part(own >= 0)
    return replace(rest, unread=(*block.unread, *unread)), own[own >= 0]


def _places(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Where each label stands in ``classes``, (n,); −1 for one that does not."""
    labels, classes = as_one_kind(labels, classes)
    place_of = {label: place for place, label in enumerate(classes.tolist())}
    found, places = np.unique(labels, return_inverse=True)
    return np.array([place_of.get(label, -1) for label in found.tolist()], dtype=int)[places]
