"""Prediction sets in words: what is promised, what is kept, and for which class it is not."""

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, share
from engine.calibration.sets import PredictionSets
from engine.datasets.dataset import class_noun
from engine.io.numbers import PER_CENT

NAMED = 4


def promise(sets: PredictionSets) -> str:
    """What the sets are, how often they hold the true class, and how large they are."""
    noun, n, sizes = class_noun(sets.classes), len(sets.rows), sets.sizes
    alone, empty = int((sizes == 1).sum()), int((sizes == 0).sum())
    sentence = (
        "Each answer becomes a set of classes, made to hold the true one for "
        f"{sets.level}{PER_CENT} of the images of every {noun}. "
        f"Of {count(n, 'test image')}, **{share(sets.covered, n)}** are in their set, which has "
        f"**{sizes.mean():.2f} classes** on average; "
        f"{share(alone, n)} have a single class."
    )
    if empty:
        sentence += (
            f" {share(empty, n)} have an empty set: at least {sets.level}{PER_CENT} of the images "
            "that calibrate the predicted class have a larger margin for it. A higher promise "
            "fills them."
        )
    return sentence


def worst(sets: PredictionSets) -> str:
    """The class that is covered least, and for which classes the promise is broken."""
    figures = sets.worst
    if figures is None:
        return ""
    name = plain(sets.classes[figures.name])
    held = share(int(figures["covered"]), int(figures["images"]))
    sentence = f"Covered least is {name}: {held}."
    broken = sets.broken_for()
    if broken.empty:
        return f"{sentence} For no {class_noun(sets.classes)} is the promise broken beyond chance."
    return (
        f"{sentence} Beyond chance, the promise is broken for {_names(broken['class'].tolist())}."
    )


def unlimited(sets: PredictionSets) -> str:
    """Which classes are in every set, for want of images; '' for none."""
    if not sets.unlimited:
        return ""
    return (
        f"Too few images calibrate {_names(sets.unlimited)} for {sets.level}{PER_CENT}: every set "
        "holds them, as nothing less would keep the promise. A lower one makes them smaller."
    )


def why_by_class(plain_sets: PredictionSets, sets: PredictionSets) -> str:
    """Which class one threshold for all fails, where it does and a threshold each does not."""
    failed, figures = plain_sets.broken_for(), plain_sets.worst
    if failed.empty or figures is None or figures.name in sets.broken_for().index:
        return ""
    n = len(sets.rows)
    name = plain(sets.classes[figures.name])
    own = sets.table.drop(columns="class").loc[figures.name]
    held, instead = (share(int(row["covered"]), int(row["images"])) for row in (figures, own))
    return (
        f"Why a threshold for each {class_noun(sets.classes)}: one for all is kept on the whole, "
        f"{share(plain_sets.covered, n)}, and yet only {held} of {name} are in their set, with "
        f"their own {instead}. One promise for all lets easy classes pay for hard ones."
    )


def _names(names: list) -> str:
    if len(names) > NAMED:
        return f"{len(names)} classes"
    each = [plain(name) for name in names]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"
