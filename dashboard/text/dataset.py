"""What a dataset holds, in words."""

import pandas as pd

from dashboard.text.markdown import one, plain
from dashboard.text.numbers import count
from engine.io.numbers import PER_CENT, percent, ratio

ALPHA = 0.05  # a corrected p below this is no chance


def balance(counts: pd.DataFrame) -> str:
    """The largest and the smallest class of `engine.datasets.summary.class_counts`, in training."""
    training = counts["training"]
    most, least = counts.loc[training.idxmax()], counts.loc[training.idxmin()]
    if most["training"] == least["training"]:
        return f"Each has {count(most['training'], 'training image')}."
    sentence = (
        f"The most training images are of {plain(most['digit'])} ({most['training']:,}), the "
        f"fewest of {plain(least['digit'])} ({least['training']:,})"
    )
    if not least["training"]:
        return f"{sentence}."
    return f"{sentence}: {ratio(most['training'] / least['training'])} as many."


def identical(n: int, n_tests: int) -> str:
    """How many test images are training images as well."""
    if not n:
        return "No test image is, pixel for pixel, a training image as well."
    verb = "is" if n == 1 else "are"
    return f"{count(n, 'test image')} of {n_tests:,} {verb}, pixel for pixel, in training as well:"


def flattered(n: int, n_tests: int) -> str:
    """What the accuracy owes to ``n`` of ``n_tests`` test images that are in training, too."""
    are = "is a training image as well, so it" if n == 1 else "are training images as well, so they"
    return f"{n:,} of {count(n_tests, 'test image')} {are} may flatter this accuracy."


def near(found: pd.DataFrame, compared: pd.DataFrame, n_tests: int, most: int) -> str:
    """How many test images have a near training image, and of how many the labels differ.

    ``found`` is `duplicates.pairs` of at most ``most`` per cent; ``compared`` all of
    them.
    """
    looked, nearest = count(len(compared), "test image"), percent(compared["apart"].min(), 1)
    if len(compared) < n_tests:
        looked += f" looked at, of {n_tests:,}"
    if found.empty:
        none = f"Of {looked} none has a training image within {most}{PER_CENT}"
        return f"{none}; the nearest is {nearest} apart."
    same = int(found["identical"].sum())
    differ = len(found) - int(found["same label"].sum())
    sentence = f"Of {looked}, **{len(found):,}** {'has' if len(found) == 1 else 'have'} a training "
    sentence += f"image within {most}{PER_CENT}: {same:,} identical, {len(found) - same:,} near."
    if not differ:
        return f"{sentence} Both labels are always the same."
    return f"{sentence} In {count(differ, 'pair')} the labels differ: one of them may be wrong."


def unusual(found: pd.DataFrame, shown: int = 0) -> str:
    """The image whose nearest one is farthest beside the others of its class.

    And whether the first ``shown`` are all of one class, where there are others.
    """
    if found.empty:
        return "There is no image to compare."
    first = found.head(1).to_dict("records")[0]  # a row by its place would be of floats
    if first["times"] <= 1:
        return "The nearest image of each test image is as far as is usual in its class."
    return (
        f"The most unusual is test image {first['index']:,}, {plain(one(first['class']))}: its "
        f"nearest image is {first['times']:.1f} times as far as is usual in its class (the median)."
        + _of_one_class(found["class"].head(shown), found["class"].nunique())
    )


def _of_one_class(shown: pd.Series, n_classes: int) -> str:
    if len(shown) < 2 or shown.nunique() > 1 or n_classes < 2:
        return ""
    return f" All {len(shown)} shown are of one class, {plain(str(shown.iloc[0]))}."


def drift(found: pd.DataFrame) -> str:
    """In how many classes and attributes the splits differ, and the surest of them."""
    if found.empty:
        return "There are too few images of each class in both splits to compare them."
    sure = found[found["p"] < ALPHA]
    if sure.empty:
        return (
            f"In none of {len(found):,} comparisons (a class and an attribute each) do the test "
            "images differ from the training images beyond chance."
        )
    row = sure.iloc[0]
    more = "more" if row["difference"] > 0 else "less"
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    name, by = plain(str(row["class"])), abs(row["difference"])
    return (
        f"In **{len(sure):,}** of {len(found):,} comparisons the splits differ beyond chance. The "
        f"surest: test images of {name} have {by:.2f} {more} {row['attribute']} than training "
        f"images (95{PER_CENT} interval {low:.2f}–{high:.2f})."
    )


ALL_OF_THEM = (
    "`python -m engine` with the same pattern of files and `--out FOLDER` writes all errors, as "
    "Parquet"
)


def sample(n_images: int, n_here: int) -> str:
    """That counts are of all test images of a large dataset, and how many of these are here."""
    return (
        f"Every count and rate is of all {n_images:,} test images. {n_here:,} of them are here to "
        "look at: the worst of each cell of the matrix, and some at random."
    )


def needs_all(n_images: int) -> str:
    """Why a page shows nothing of a large dataset."""
    return (
        f"This page needs all images in memory at once. Of these data, with {n_images:,} test "
        "images, it can show images that were drawn at random; its figures are then of these only."
    )


def here(n_here: int, n_chosen: int) -> str:
    """How many of the images that filters leave are here to look at; '' where all are."""
    if n_here >= n_chosen:
        return ""
    return (
        f"{n_here:,} of these {n_chosen:,} are here to look at, the worst of each cell of the "
        f"matrix among them; {ALL_OF_THEM}."
    )


def on_data(n_drawn: int) -> str:
    """What the Data page leaves out of a large dataset, and where it is."""
    return (
        "Images in both splits, unusual images, and predictions of your own need all images in "
        f"memory at once: choose the {count(n_drawn, 'test image')} drawn at random under Data in "
        "the sidebar."
    )
