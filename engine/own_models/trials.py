"""In which form a model answers labelled images best: every form that fits is tried."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.own_models.answers import Answers
from engine.own_models.forms import Form
from engine.own_models.outputs import LABELS
from engine.own_models.process import Stopped
from engine.runtime.errors import Refused

FEW, MANY = 300, 3000  # images on which all forms are compared, and those that then seem as good


@dataclass(frozen=True, eq=False)
class Trial:
    """A form and how it did: ``kind`` is that of its answers, ``right`` (n,) the images' own."""

    form: Form
    kind: str
    right: np.ndarray

    @property
    def n_right(self) -> int:
        return int(self.right.sum())


Answer = Callable[[Form, np.ndarray], Answers]  # the answers to the images at these places


def tried(forms: Sequence[Form], answer: Answer, labels: np.ndarray) -> list[Trial]:
    """The forms that give answers, the best first, each layout and scale with its best output.

    ``labels`` (n,) are places of the true classes. First come those with the most right answers,
    of equally many scores before labels, then the first of ``forms``. Those that are
    `as_good` as the best on a few images are tried on more. How sure a model is decides
    nothing: a cautious one is the surer, and its answers the likelier, on images too dark.
    Raises Refused as the first form did where none gives answers, and at once where the model had
    to be stopped.
    """
    few, many = some_of_each(labels, FEW), some_of_each(labels, MANY)
    found = _one_output(_best_first(_answering(forms, answer, labels, few)))
    close = [trial.form for trial in found if as_good(trial, found[0])]
    if len(close) == 1 or len(many) == len(few):
        return found
    again = _best_first(_answering(close, answer, labels, many))
    return again + [trial for trial in found if trial.form not in close]


def some_of_each(labels: np.ndarray, most: int) -> np.ndarray:
    """Places of the first images of each class, equally many, ``most`` together or fewer."""
    classes = np.unique(labels)
    each = max(1, most // len(classes))
    return np.sort(np.concatenate([np.flatnonzero(labels == name)[:each] for name in classes]))


def _answering(
    forms: Sequence[Form], answer: Answer, labels: np.ndarray, some: np.ndarray
) -> list[Trial]:
    """The trials of the forms that give answers, in their order."""
    found, refused = [], {}  # of each layout and output the first refusal: no scale mends it
    for form in forms:
        way = form.layout, form.output
        if way in refused:
            continue
        try:
            given = answer(form, some)
            found.append(Trial(form, given.kind, given.places == labels[some]))
        except Stopped:
            raise
        except Refused as error:
            refused[way] = error
    if not found:
        raise next(iter(refused.values()))
    return found


def _best_first(found: list[Trial]) -> list[Trial]:
    return sorted(found, key=lambda trial: (-trial.n_right, trial.kind == LABELS))


def _one_output(found: list[Trial]) -> list[Trial]:
    """Of each layout and scale the first."""
    first = {}
    for trial in found:
        first.setdefault((trial.form.layout, trial.form.scale), trial)
    return list(first.values())


def as_good(trial: Trial, best: Trial) -> bool:
    """Whether two, on the same images, do not differ beyond chance: McNemar's z is 2 at most."""
    differing = (trial.right != best.right).sum()
    return best.n_right - trial.n_right <= 2 * np.sqrt(differing)
