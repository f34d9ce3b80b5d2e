"""Template classifiers from what the shards added up to."""

import contextlib

import numpy as np

from engine.cures.recipe import model_named
from engine.datasets.labels import class_labels
from engine.models.class_sums import ClassSums
from engine.models.nearest_template import NearestTemplate
from engine.runtime.errors import Refused
from engine.shards.sums import ClassLevels

Sums = ClassSums | ClassLevels


def template_model(name: str) -> NearestTemplate:
    """The model of that name, not fitted. Raises Refused for one that is not added up in parts."""
    with contextlib.suppress(KeyError):
        model = model_named(name).make()
        if type(model) is NearestTemplate and model.offsets is None:
            return model
    wanted = "'L1 mean', 'L2 mean' or 'L1 median'"
    raise Refused(f"{name!r} is not fitted shard by shard; wanted {wanted}, which are.")


def fitted(model: NearestTemplate, sums: Sums | None) -> NearestTemplate:
    """The model with the templates that the shards add up to, bit for bit those of `fit`.

    Raises Refused for no image, one class, or more or other classes than are taken.
    """
    if sums is None or not len(sums.classes):
        raise Refused("Found no training image; wanted some.")
    class_labels([str(name) for name in sums.classes])  # refuses what the pages cannot show
    templates = sums.medians() if isinstance(sums, ClassLevels) else sums.means()
    model.classes_, model.n_features_in_ = sums.classes, int(np.prod(templates.shape[1:]))
    model.templates_ = templates.reshape(len(templates), -1)
    return model
