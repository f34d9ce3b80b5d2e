"""What a data set holds: how many images of each class, and how evenly."""

import numpy as np
import pandas as pd

from engine.digits import Digits


def class_counts(digits: Digits) -> pd.DataFrame:
    """One row a class of either split: ``digit``, and its images in ``training``, ``testing``."""
    splits = {"training": digits.training.labels, "testing": digits.testing.labels}
    classes = np.unique(np.concatenate(list(splits.values())))
    columns = {name: [int((labels == c).sum()) for c in classes] for name, labels in splits.items()}
    return pd.DataFrame({"digit": classes, **columns})
