"""A model in an ONNX file as a classifier like any other."""

import os

import numpy as np

from engine.models.base import Classifier
from engine.own_models.answers import UNKNOWN, Answers, classes_text, in_classes
from engine.own_models.forms import LAYOUTS, Form, candidates
from engine.own_models.outputs import KINDS, LABELS
from engine.own_models.process import ModelProcess, read_model
from engine.own_models.trials import Trial, as_good, tried
from engine.runtime.errors import Refused
from engine.runtime.limits import MODEL_ANSWER_S, MODEL_TRIAL_S
from engine.runtime.progress import Progress, no_progress

AT_ONCE = 2500  # images between two reports of progress


class OnnxClassifier(Classifier):
    """Answers what the model in an ONNX file answers, in a process of its own.

    ``source`` is the file's bytes, its path, or a process that runs it already. ``fit`` trains
    nothing: it finds out on labelled images in which form the model wants them. Of these only those
    are tried whose words, as "1 × 28 × 28, 0 to 255", are ``reading`` or contain it. ``kind``, one
    of `outputs.KINDS`, is what the output is taken for; with '' it is found. Fitting sets
    ``classes_`` (k,), in whose order scores are read unless the model names its own,
    ``n_features_in_``, ``trials_``, the best first, and ``done``, what was found in sentences.
    `close` ends the process; so does a ``with``.
    """

    def __init__(
        self, source: bytes | str | os.PathLike | ModelProcess, reading: str = "", kind: str = ""
    ) -> None:
        """Raises Refused for a file that is not to be run, and OSError."""
        self.source, self.reading, self.kind = source, reading, kind
        running = isinstance(source, ModelProcess)
        self.process = source if running else ModelProcess(read_model(source))

    def __repr__(self) -> str:
        return f"OnnxClassifier({len(self.process.content):,} bytes)"

    def __enter__(self) -> "OnnxClassifier":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process for good, at once, whatever it is doing."""
        self.process.close()

    def fit(
        self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress
    ) -> "OnnxClassifier":
        """Finds the form on images X (n, h, w), or square ones (n, pixels), with labels y (n,).

        300 are tried, of each class as many, or 3,000 where several forms seem as good. Raises
        Refused where the model has another size or other classes, or cannot be run.
        """
        size = _size(X)
        X, y = self.checked_to_fit(X, y)
        self.size_, self.classes_ = size, np.unique(y)
        places = np.searchsorted(self.classes_, y)

        def answer(form: Form, at: np.ndarray) -> Answers:
            progress("Finding the form of the model's input", 0, 0)
            return self._tried(X[at], form)

        self.trials_ = tried(self._wanted(), answer, places)
        return self

    def _forms(self) -> dict[str, Form]:
        """Every form in which images fit the input, by its words."""
        known = self.process.described
        fitting = candidates(known.shape, known.type, self.size_, len(known.outputs))
        return {self.words(form): form for form in fitting}

    def _wanted(self) -> list[Form]:
        called = self._forms()
        if self.reading in called:
            return [called[self.reading]]
        chosen = [form for words, form in called.items() if self.reading in words]
        if not chosen:
            raise Refused(
                f"Found no form of input with {self.reading!r}; wanted one of {'; '.join(called)}."
            )
        return chosen

    @property
    def readings(self) -> list[str]:
        """What ``reading`` may be, in full, once it is fitted."""
        return list(self._forms())

    @property
    def kinds(self) -> tuple[str, ...]:
        """What ``kind`` may be: labels are nothing else."""
        return (LABELS,) if self.chosen.kind == LABELS != self.kind else KINDS

    def _tried(self, rows: np.ndarray, form: Form) -> Answers:
        images = rows.reshape(-1, *self.size_)
        output = self.process.ask(images, form, MODEL_TRIAL_S)
        return in_classes(output, self.classes_, self.kind or None)

    def words(self, form: Form) -> str:
        """What the form is called: "1 × 28 × 28, 0 to 1", and the output where there are more."""
        shape = " × ".join(map(str, LAYOUTS[form.layout](*self.size_)))
        outputs = self.process.described.outputs
        named = f", output {form.output + 1}" if len(outputs) > 1 else ""
        return f"{shape}, {form.scale}{named}"

    @property
    def chosen(self) -> Trial:
        """The form that is used, and how it did."""
        return self.trials_[0]

    @property
    def has_scores(self) -> bool:
        """Whether it gives more than labels."""
        return self.chosen.kind != LABELS

    @property
    def unit(self) -> str:
        """What `distances` count."""
        return "1 − probability" if self.has_scores else "0 for the answer, 1 for all others"

    @property
    def done(self) -> tuple[str, ...]:
        """How the model is asked and read, with the figures of that and of the next best way."""
        said = [f"The model's input is read as {_figures(self, self.chosen)}."]
        said += [f"The next best is {_figures(self, other)}." for other in self.trials_[1:2]]
        order = "" if self.chosen.kind == LABELS else f", a class each ({_order(self)})"
        return (*said, f"Its output is read as {self.chosen.kind}{order}.")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd: hardly any training image is answered right, or the form is in doubt."""
        trial, classes = self.chosen, len(self.classes_)
        if trial.n_right <= 2 * len(trial.right) / classes:
            return (
                "In no form does the model answer training images much better than by chance; "
                f"wanted a model of the classes {classes_text(self.classes_)}, in this order.",
            )
        return tuple(
            f"The model may as well be meant for {self.words(other.form)}: the difference on "
            "training images is within chance."
            for other in self.trials_[1:2]
            if _in_doubt(other, trial)
        )

    def distances(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """1 − probability of each class, (n, k); of labels 0 for the answer, 1 for all others."""
        given = self._answers(X, progress)
        if given.log is None:
            return 1.0 - np.eye(len(self.classes_))[given.places]
        return -np.expm1(given.log)

    def negative_log_probabilities(self, X: np.ndarray) -> np.ndarray:
        """−log probability of each class, (n, k), which tells even very sure answers apart.

        Of labels as `distances`.
        """
        given = self._answers(X)
        return self.distances(X) if given.log is None else -given.log

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The most probable class of each image, (n,); on a tie the smaller."""
        return self.classes_[self._answers(X).places]

    def _answers(self, X: np.ndarray, progress: Progress = no_progress) -> Answers:
        """Raises Refused where the model fails, or answers with a label that is no class."""
        images = self.checked(X).reshape(-1, *self.size_)
        parts = []
        for at in range(0, max(len(images), 1), AT_ONCE):
            progress("Asking the model", at, len(images))
            output = self.process.ask(images[at : at + AT_ONCE], self.chosen.form, MODEL_ANSWER_S)
            parts.append(in_classes(output, self.classes_, self.chosen.kind))
            _judge_labels(parts[-1], output.labels, self.classes_)
        log = None if parts[0].log is None else np.concatenate([part.log for part in parts])
        return Answers(np.concatenate([p.places for p in parts]), log, self.chosen.kind)


def _size(X: np.ndarray) -> tuple[int, int]:
    """Height and width of the images; Refused where rows of pixels are no square."""
    if X.ndim == 3:
        return X.shape[1:]
    side = round(X.shape[1] ** 0.5)
    if side * side != X.shape[1]:
        raise Refused(f"Found rows of {X.shape[1]} pixels; wanted images (n, h, w).")
    return side, side


def _in_doubt(other: Trial, chosen: Trial) -> bool:
    """Whether the other form is as good and answers some images otherwise."""
    same_images = len(other.right) == len(chosen.right)
    return same_images and as_good(other, chosen) and (other.right != chosen.right).any()


def _judge_labels(given: Answers, labels: tuple[str, ...], classes: np.ndarray) -> None:
    unknown = np.flatnonzero(given.places == UNKNOWN)
    if len(unknown):
        raise Refused(
            f"The model answers {labels[unknown[0]]!r}; wanted one of {classes_text(classes)}."
        )


def _figures(model: OnnxClassifier, trial: Trial) -> str:
    of = len(trial.right)
    return f"{model.words(trial.form)}: {trial.n_right:,} of {of:,} training images right"


def _order(model: OnnxClassifier) -> str:
    return classes_text(model.classes_)
