"""The images of a dataset that are nearest to a given one."""

import numpy as np
import pandas as pd

from engine.explanation.pixel_contributions import as_shares
from engine.models.templates import distances


def nearest_images(
    image: np.ndarray, images: np.ndarray, labels: np.ndarray, metric: str = "l1", most: int = 5
) -> pd.DataFrame:
    """The ``most`` images (n, h, w) nearest to ``image``, and as many of each label: a row each.

    ``index`` in ``images``, ``label``, ``distance`` as in `distances`, ``overall`` the place among
    all and ``place`` among its label, both from 1. Equal distances keep the order of the images.
    """
    distance = distances(images, as_shares(image)[None], metric)[:, 0]
    order = np.argsort(distance, kind="stable")
    table = pd.DataFrame(
        {
            "index": order,
            "label": labels[order],
            "distance": distance[order],
            "overall": np.arange(1, len(order) + 1),
        }
    )
    table["place"] = table.groupby("label").cumcount() + 1
    return table[(table["place"] <= most) | (table["overall"] <= most)].reset_index(drop=True)
