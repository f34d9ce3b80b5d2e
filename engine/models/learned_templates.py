"""Templates that learn: mini-batch SGD on the cross-entropy of −scale × distance.

The classifier, the distance and the rule stay those of the nearest template; only the templates
move. They start as the mean images and are kept within ink from 0 to 1, so they stay pictures.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np

from engine.models.nearest_template import CannotStream, NearestTemplate
from engine.models.templates import WHITE, mean_templates
from engine.runtime.progress import Progress, no_progress

HELD_OUT = 12  # one training image in twelve, of each class, is held out and never trained on
CHUNK = 256  # held-out images at a time: every thread keeps the memory it once needed
FEW_PIXELS = 64  # of fewer each one counts for more in the mean, so that steps must be shorter
LOOKS = 6  # how often an epoch is looked at


@dataclass(frozen=True)
class Recipe:
    """How to train; the defaults were chosen on held-out training images of MNIST.

    Five times the rate gains half a per cent there, but leaves templates no one can read.

    ``scale`` turns mean absolute differences, 0 to 1, into logits. ``rate`` falls to zero along
    half a cosine, and starts lower for images of fewer than 64 pixels. ``seed`` shuffles, and
    chooses the images held out.
    """

    epochs: int = 5
    rate: float = 0.1
    batch: int = 128
    scale: float = 300.0
    momentum: float = 0.9
    seed: int = 0

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1:
            raise ValueError(f"epochs and batch must be at least 1, got {self.epochs, self.batch}")
        if not (self.rate > 0 and self.scale > 0 and 0 <= self.momentum < 1):
            found = self.rate, self.scale, self.momentum
            raise ValueError(f"wanted rate > 0, scale > 0, 0 ≤ momentum < 1, got {found}")


@dataclass(frozen=True)
class Look:
    """The training seen once: after ``step`` of ``steps`` mini-batches.

    ``loss`` is the mean cross-entropy (nats per image) since the last look, None at the start;
    ``accuracy`` the share right of the held-out images; ``templates`` (k, pixels) in [0, 1].
    """

    step: int
    steps: int
    epoch: float
    loss: float | None
    accuracy: float
    templates: np.ndarray


def learn(images: np.ndarray, places: np.ndarray, recipe: Recipe) -> Iterator[Look]:
    """Trains on images (n, pixels) of the classes ``places`` 0 … k−1, look by look.

    The images are uint8, read as ink / 255, or floats from 0 to 1.
    The first look is at the mean templates, the last at the end; whoever stops iterating stops
    the training. The same arguments give the same templates.
    """
    import torch  # only who trains loads it

    torch.set_num_threads(1)  # the batches are small, and the other cores belong to other viewers
    shuffled = np.random.default_rng(recipe.seed)
    held, used = _hold_out(shuffled.permutation(len(images)), places)
    watched = images[held], places[held]
    epochs = (shuffled.permutation(used) for _ in range(recipe.epochs))
    batches = [batch for epoch in epochs for batch in _cut(epoch, recipe.batch)]
    pause = max(1, math.ceil(len(used) / recipe.batch / LOOKS))
    descent = _Descent(_means(images, places, used), recipe, len(batches))
    for step, batch in enumerate(batches):
        if step % pause == 0:
            yield descent.look(step, *watched)
        descent.go(step, images[batch], places[batch])
    yield descent.look(len(batches), *watched)


class _Descent:
    """The templates on their way, the velocity they have, and the losses since the last look."""

    def __init__(self, means: np.ndarray, recipe: Recipe, steps: int) -> None:
        import torch

        self.recipe, self.steps = recipe, steps
        self.rate = recipe.rate * min(1, means.shape[1] / FEW_PIXELS)
        self.templates = torch.tensor(means, dtype=torch.float32, requires_grad=True)
        self.velocity = torch.zeros_like(self.templates)  # torch.optim imports 150 MB of compiler
        self.losses: list[float] = []

    def go(self, step: int, images: np.ndarray, places: np.ndarray) -> None:
        """One step on one mini-batch."""
        import torch

        logits = -self.recipe.scale * _distances(images, self.templates)
        loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(places))
        loss.backward()
        rate = self.rate * (1 + math.cos(math.pi * step / self.steps)) / 2
        self.velocity.mul_(self.recipe.momentum).add_(self.templates.grad)
        self.templates.data.sub_(rate * self.velocity).clamp_(0, 1)
        self.templates.grad = None
        self.losses.append(loss.item())

    def look(self, step: int, images: np.ndarray, places: np.ndarray) -> Look:
        """The state after ``step`` steps, judged on images that are held out."""
        import torch

        now, chunks = self.templates.detach(), range(0, len(images), CHUNK)
        nearest = [_distances(images[at : at + CHUNK], now).argmin(dim=1) for at in chunks]
        right = float((torch.cat(nearest).numpy() == places).mean())
        loss = float(np.mean(self.losses)) if self.losses else None
        self.losses.clear()
        epoch = step / self.steps * self.recipe.epochs
        return Look(step, self.steps, epoch, loss, right, now.numpy().astype(float))


def _hold_out(order: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which images are held out and which are used: every twelfth of each class, in ``order``.

    With fewer than twelve of every class there is nothing to spare, and those used are watched.
    """
    turn = np.empty(len(order), dtype=int)
    for place in np.unique(places):
        turn[order[places[order] == place]] = np.arange(1, (places == place).sum() + 1)
    held = order[turn[order] % HELD_OUT == 0]
    used = order[turn[order] % HELD_OUT != 0]
    return (held if len(held) else used), used


def _means(images: np.ndarray, places: np.ndarray, used: np.ndarray) -> np.ndarray:
    """The mean image of each class over those used, class by class to copy few at a time."""
    chosen = (used[places[used] == place] for place in np.unique(places))
    return np.concatenate([mean_templates(images[some], places[some]) for some in chosen])


def _cut(order: np.ndarray, size: int) -> list[np.ndarray]:
    return np.split(order, range(size, len(order), size))


def _distances(images: np.ndarray, templates):
    """Mean absolute difference of each image from each template, a tensor (n, k)."""
    import torch

    ink = torch.from_numpy(images).float() / (WHITE if images.dtype == np.uint8 else 1)
    return torch.cdist(ink, templates, p=1) / images.shape[1]


class LearnedTemplates(NearestTemplate):
    """The nearest template by mean absolute difference, with templates improved by SGD.

    Fitting starts from the mean templates and follows `learn`; the parameters are those of
    `Recipe`. One image in twelve of each class is held out and only watched. X is (n, pixels) or
    (n, h, w); uint8 is read as ink / 255. Other numbers are learned on a scale from their least (0)
    to their largest (1), so that the recipe means the same; the templates are in their unit.
    """

    metric = "l1"
    center = "mean"

    def __init__(
        self,
        epochs: int = 5,
        rate: float = 0.1,
        batch: int = 128,
        scale: float = 300.0,
        momentum: float = 0.9,
        seed: int = 0,
    ) -> None:
        self.epochs = epochs
        self.rate = rate
        self.batch = batch
        self.scale = scale
        self.momentum = momentum
        self.seed = seed

    def fit(
        self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress
    ) -> "LearnedTemplates":
        """Computes the mean templates, then improves them; ValueError for an impossible recipe."""
        recipe = Recipe(**self.get_params())
        X, y = self.checked_to_fit(X, y)
        low, span = (0, 1) if X.dtype == np.uint8 else (X.min(), np.ptp(X) or 1)
        ink = X if X.dtype == np.uint8 else (X - low) / span
        self.classes_, places = np.unique(y, return_inverse=True)
        for look in learn(ink, places, recipe):
            progress("Learning templates", look.step, look.steps)
            self.templates_ = low + span * look.templates
        return self

    @property
    def partial_fit(self) -> None:
        """Learning passes over the images several times; see `CannotStream`."""
        raise CannotStream("learning needs all images at once; NearestTemplate does not")

    def distances(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """Mean absolute difference of each image from each template, (n, k)."""
        return super().distances(X)

    @classmethod
    def holding(cls, recipe: Recipe, classes: np.ndarray, templates: np.ndarray) -> Self:
        """A fitted classifier with templates that were learned elsewhere, (k, pixels)."""
        made = cls(**asdict(recipe))
        made.classes_, made.templates_ = classes, templates
        made.n_features_in_ = templates.shape[1]
        return made
