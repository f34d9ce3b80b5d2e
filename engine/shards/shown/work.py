"""What a screen needs of one shard: as `engine.shards.work`, with some drawn, and of two models.

Nothing of it is kept on the disk.
"""

from dataclasses import dataclass, field

from engine.models.class_sums import ClassSums
from engine.models.nearest_template import NearestTemplate
from engine.shards.parts import Part
from engine.shards.shown.drawn import Drawing
from engine.shards.sources.labels import judge_classes
from engine.shards.sources.read import Reading, blocks
from engine.shards.sources.shard import Shard, Tally, plus
from engine.shards.together import Joint, Together
from engine.shards.verdict import Keep, judged, known
from engine.shards.work import Check, go_on

LEAST, OVER = 200, 4  # images of any shard that may be drawn, and how many times its part


@dataclass(frozen=True)
class Draw:
    """How many images are drawn: ``most`` of all shards, which have ``nbytes``."""

    most: int
    nbytes: int

    def of(self, shard: Shard) -> Drawing:
        """Of one shard at most four times its part, so that little is sent of a thousandth."""
        share = shard.nbytes / max(self.nbytes, 1)
        return Drawing(shard.name, min(self.most, LEAST + int(OVER * share * self.most)), self.most)


@dataclass(frozen=True)
class FitAndDraw:
    """The sums of the training images of a shard, and some of them drawn."""

    reading: Reading
    draw: Draw
    step = "Fitting"

    def __call__(self, shard: Shard, check: Check = go_on) -> Part:
        sums, tally, drawing = None, Tally(), self.draw.of(shard)
        for block in blocks(shard, False, self.reading):
            check()
            tally += Tally.of(block)
            sums = plus(sums, ClassSums(block.images, block.labels))
            judge_classes(sums.classes)
            drawing.add(block)
        return Part(None if sums is None else Together((sums, drawing.drawn)), tally)

    def finished(self, shard: Shard) -> None:
        """Nothing was kept of a run before."""


@dataclass(frozen=True, eq=False)
class JudgeBoth:
    """The verdicts on two models of the same classes by the test images of a shard.

    With how the two answer together, and some of the images drawn.
    """

    models: tuple[NearestTemplate, NearestTemplate]
    reading: Reading
    draw: Draw
    keep: Keep = field(default_factory=Keep)
    step = "Judging"

    def __call__(self, shard: Shard, check: Check = go_on) -> Part:
        classes, pixels = self.models[0].classes_, self.models[0].n_features_in_
        keep = self.keep.within(len(classes), pixels)
        drawing, found = self.draw.of(shard), None
        for block in blocks(shard, True, self.reading):
            check()
            block, own = known(shard.name, block, classes)
            drawing.add(block)
            both = [judged(shard.name, block, own, one, keep, _unread) for one in self.models]
            (first, answers), (second, others) = both
            joint = Joint.of(own, answers, others, len(classes))
            found = plus(found, Together((first, second, joint)))
        if found is None:
            return Part(None, Tally())
        return Part(Together((*found.results, drawing.drawn)), found.results[0].tally)

    def finished(self, shard: Shard) -> None:
        """Nothing was kept of a run before."""


def _unread(errors) -> None:
    """The errors are counted; no list of them is written."""
