"""The models that whoever starts the server names on its command line."""

import functools
import logging
from collections.abc import Mapping
from types import MappingProxyType

from engine.datasets.server_datasets import parsed
from engine.models.registry import Model
from engine.own_models import named

log = logging.getLogger(__name__)


@functools.cache  # asked on every run of a page; each model is one, not yet fitted
def named_models(arguments: tuple[str, ...]) -> Mapping[str, Model]:
    """Each model by the name it has on screen: "Model" and the file's or the function's.

    ``arguments`` are those after ``--`` of ``streamlit run``: ``--model FILE.onnx`` or ``--model
    package.module:make``, as often as there are models; another is logged and left out.
    """
    found = {}
    for wanted in parsed(arguments).model:
        if not named.is_own(wanted):
            log.warning("Wanted --model FILE.onnx or package.module:make, found %s", wanted)
            continue
        model = named.open_model(wanted)
        number = len([name for name in found if name.partition(" (")[0] == model.label]) + 1
        found[model.label if number == 1 else f"{model.label} ({number})"] = model
    return MappingProxyType(found)
