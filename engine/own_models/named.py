"""A model by the name that a command gives: one of ours, an ONNX file, or Python to be trusted."""

import importlib
import os
import re
import sys
from pathlib import Path

from engine.cures.recipe import model_named
from engine.io.file_names import safe_name
from engine.models.any_estimator import AnyEstimator
from engine.models.base import Classifier
from engine.models.registry import MODELS, Model
from engine.own_models.classifier import OnnxClassifier
from engine.runtime.errors import Refused

SUFFIX = ".onnx"
PYTHON = re.compile(r"[\w.]+:\w+")  # package.module:make


def wanted_models(*more: str) -> str:
    """What may be named, for a sentence that refuses something else; ``more`` may be as well."""
    *some, last = (*MODELS, f"a file ending in {SUFFIX}", "package.module:make", *more)
    return f"{', '.join(some)}, or {last}"


def is_onnx(name: str) -> bool:
    """Whether that names an ONNX file."""
    return name.lower().endswith(SUFFIX)


def is_own(name: str) -> bool:
    """Whether that names an ONNX file or Python, and none of our models."""
    return is_onnx(name) or bool(PYTHON.fullmatch(name))


def is_model(name: str) -> bool:
    """Whether that can name a model; a file may still be missing, or a module."""
    return _is_ours(name) or is_own(name)


def open_model(name: str, reading: str = "") -> Model:
    """The model of that name, not yet fitted; fitting one of an ONNX file finds out how to ask it.

    ``reading`` is for an ONNX file, as `OnnxClassifier` takes it. ``package.module:make`` is
    imported and run with all rights: it is for whoever starts the program. Raises Refused with what
    was found and wanted, and when it is fitted what the model itself raises.
    """
    if is_onnx(name):
        rule = "to which the model in the file gives the highest score"
        label = f"Model {safe_name(Path(name).name[: -len(SUFFIX)])}"
        return Model(label, rule, lambda: OnnxClassifier(name, reading), slow=True)
    if PYTHON.fullmatch(name):
        rule = f"that {name} gives"
        return Model(f"Model {name}", rule, lambda: _made(name), slow=True)
    if not _is_ours(name):
        raise Refused(f"Found {name!r}; wanted {wanted_models()}.")
    return model_named(name)


def _is_ours(name: str) -> bool:
    try:
        return bool(model_named(name))
    except KeyError:
        return False


def _made(name: str) -> Classifier:
    """What the function, or the class, gives when it is called. Raises Refused."""
    module, maker = name.split(":")
    if os.getcwd() not in sys.path:  # a server has the folder of its own program there
        sys.path.append(os.getcwd())
    try:
        make = getattr(importlib.import_module(module), maker)
    except (ImportError, AttributeError) as error:
        raise Refused(f"Found no {name}: {error}; wanted a module and a function in it.") from None
    found = make()
    return found if isinstance(found, Classifier) else AnyEstimator(found)
