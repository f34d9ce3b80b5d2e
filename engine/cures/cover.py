"""Few cures that together cover most errors, and the p values of many comparisons."""

from collections.abc import Mapping, Sequence

import numpy as np


def greedy_cover(fixed: Mapping[str, np.ndarray]) -> list[tuple[str, int]]:
    """The cures in the order of what each adds, and how many errors it covers that none before did.

    ``fixed`` holds for each cure which errors it makes right, (n,) bool each. The one that covers
    most comes first, then the one that adds most to it; on a tie the first. It ends when none adds
    anything.
    """
    left, found = dict(fixed), []
    covered = np.zeros(len(next(iter(left.values()))), bool) if left else None
    while left:
        adds = {name: int((mask & ~covered).sum()) for name, mask in left.items()}
        best = max(adds, key=adds.get)
        if not adds[best]:
            break
        found.append((best, adds[best]))
        covered = covered | left.pop(best)
    return found


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Each p in [0, 1], corrected for so many tests: (n,), in the order given.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979): the chance of a single false finding stays below the level.
    """
    p = np.asarray(p_values, float)
    order = np.argsort(p, kind="stable")
    corrected = np.empty(len(p))
    corrected[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return corrected.clip(max=1)
