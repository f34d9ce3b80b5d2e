"""Two classifiers on the same test images: what the second one fixes and what it breaks."""

import numpy as np
import pandas as pd

from engine.study import Study

CHANGES = ("fixed", "broken", "right twice", "wrong twice")


def compare(before: Study, after: Study) -> pd.DataFrame:
    """``after.table`` with ``change``, one of `CHANGES`, and ``was``, the digit answered before.

    Both must have judged the same test images; raises ValueError otherwise.
    """
    if before.digits.key != after.digits.key:
        raise ValueError(f"judged on {before.digits.name} and {after.digits.name}, wanted the same")
    first = before.table.set_index("index").loc[after.table["index"]]
    was, now = first["right"].to_numpy(), after.table["right"].to_numpy()
    change = np.select([~was & now, was & ~now, was & now], CHANGES[:3], CHANGES[3])
    return after.table.assign(change=change, was=first["predicted"].to_numpy())


def changes_by_digit(compared: pd.DataFrame) -> pd.DataFrame:
    """One row per true digit: images, right before and after, fixed and broken."""
    counts = pd.crosstab(compared["true"], compared["change"])
    counts = counts.reindex(columns=list(CHANGES), fill_value=0)
    twice, images = counts["right twice"], counts.sum(axis=1)
    return pd.DataFrame(
        {
            "digit": counts.index,
            "images": images.to_numpy(),
            "right before": (twice + counts["broken"]).to_numpy(),
            "right after": (twice + counts["fixed"]).to_numpy(),
            "fixed": counts["fixed"].to_numpy(),
            "broken": counts["broken"].to_numpy(),
        }
    )
