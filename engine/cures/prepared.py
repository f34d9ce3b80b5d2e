"""A classifier behind steps that prepare its images, of which few are held prepared at a time."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.models.base import Classifier
from engine.models.by_class import Compared, FittedByClass
from engine.runtime.progress import Progress, no_progress
from engine.transforms.base import Transformer

CHUNK = 2048  # images prepared at a time to be judged


class Prepared(Classifier):
    """Answers what ``classifier`` answers to the images after ``steps``, taken one by one.

    As scikit-learn's `make_pipeline(*steps, classifier)`, but of the training images only one class
    at a time is prepared, and the model has ``distances``. X is (n, h, w) or (n, pixels).
    ``name`` is that of its `recipe.Recipe`.
    """

    def __init__(
        self, steps: Sequence[Transformer], classifier: FittedByClass, name: str = ""
    ) -> None:
        self.steps = steps
        self.classifier = classifier
        self.name = name

    @property
    def unit(self) -> str:
        """What the distances count, for an axis."""
        return self.classifier.unit

    def fit(self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress) -> "Prepared":
        """Fits the classifier on the prepared images, class by class."""
        images = np.asarray(X)
        rows, y = self.checked_to_fit(images, y)
        classes = np.unique(y)
        for step in self.steps:
            step.fit(images[:1])  # they learn the size of the images only
        if images.ndim == 3 and hasattr(self.classifier, "size"):
            self.classifier.size = images.shape[1:]

        def images_of(name: object) -> np.ndarray:
            progress("Fitting", int(np.searchsorted(classes, name)), len(classes))
            return self.prepared(rows[y == name])

        self.classifier.fit_classes(classes, images_of)
        self.classes_ = classes
        return self

    def prepared(self, X: np.ndarray) -> np.ndarray:
        """The images after all steps, as rows or (n, h, w), as they come."""
        for step in self.steps:
            X = step.transform(X)
        return X

    def distances(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """How far each image is from each class, (n, k): the smallest wins."""
        rows, parts = self.checked(X), [np.empty((0, len(self.classes_)))]
        for at in range(0, len(rows), CHUNK):
            progress("Judging", at, len(rows))
            parts.append(self.classifier.distances(self.prepared(rows[at : at + CHUNK])))
        return np.concatenate(parts)

    def after_each(self, image: np.ndarray) -> list[np.ndarray]:
        """What an image (h, w) is after each step, in floats."""
        images = image[None]
        return [(images := step.transform(images))[0] for step in self.steps]

    def compared(self, image: np.ndarray) -> Compared:
        """How an image (h, w) is compared with each class: in the pixels after all steps.

        A changed pixel gets no more ink than the darkest one has there.
        """
        found = self.classifier.compared(self.prepared(image[None])[0])
        full = float(found.image.max(initial=0)) or 1.0
        return replace(found, full=full) if self.steps else found

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The nearest class of each image, (n,); on a tie the smaller."""
        places = self.distances(X).argmin(axis=1)
        return self.classes_[places]
