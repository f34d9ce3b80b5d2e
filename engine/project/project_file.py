"""A project as the bytes of one zip file, and back; whatever a stranger sends is judged first."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset, Split
from engine.io.tables import read_npz
from engine.io.zip_files import entry_bytes, open_archive
from engine.models.learned_templates import Recipe as TrainingRecipe
from engine.project.project import KeptAnswers, KeptTemplates, Links, Project
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_ANNOTATION_BYTES,
    MAX_BROUGHT_ATTRIBUTES,
    MAX_DECISION_BYTES,
    MAX_MANIFEST_BYTES,
    MAX_PROJECT_BYTES,
    MAX_PROJECT_MODELS,
    MAX_UNPACKED_BYTES,
)
from engine.shapes.brought_columns import column, may_be_attribute

FORMAT, VERSION = "digitscope project", 1
MANIFEST, MARKS, CORRECTIONS, DATA = "project.json", "marks.csv", "corrections.csv", "data.npz"
SIDES = ("training", "testing")


def project_file(project: Project) -> bytes:
    """The project as a zip file: a manifest in JSON, tables in CSV, arrays in NPZ."""
    files = {
        MARKS: project.marks,
        CORRECTIONS: project.corrections,
        DATA: _data(project.dataset) if project.dataset is not None else b"",
    }
    told = []
    for number, kept in enumerate((*project.answers, *project.templates)):
        about, arrays = _split(kept)
        files[f"model-{number}.npz"] = _npz(arrays)
        told.append({**about, "file": f"model-{number}.npz"})
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "key": project.key,
        "called": project.called,
        "models": told,
        "links": project.links,
        "versions": project.versions,
        "data": _about(project.dataset),
    }
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if content:
                archive.writestr(name, content)
    return out.getvalue()


def _split(kept: KeptAnswers | KeptTemplates) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What of a model is told in the manifest, and its arrays."""
    if isinstance(kept, KeptTemplates):
        about = {"kind": "templates", "name": kept.name, "recipe": asdict(kept.recipe)}
        return about, {"templates": kept.templates}
    about = {
        "kind": "answers",
        "name": kept.name,
        "unit": kept.unit,
        "scored": kept.scored,
        "done": list(kept.done),
        "warnings": list(kept.warnings),
        "attributes": [] if kept.attributes is None else list(kept.attributes),
    }
    arrays = {"index": kept.index, "places": kept.places, "distance": kept.distance}
    for number, name in enumerate(about["attributes"]):
        cells = kept.attributes[name]
        if cells.dtype == object:  # which would need pickle
            cells = cells.fillna("").to_numpy(str)
        arrays[f"attribute_{number}"] = np.asarray(cells)
    return about, arrays


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def _data(dataset: Dataset) -> bytes:
    arrays = {}
    for side in SIDES:
        split = getattr(dataset, side)
        arrays |= {f"{side}_images": split.images, f"{side}_labels": split.labels}
        arrays[f"{side}_files"] = split.files.astype(str)
    return _npz(arrays)


def _about(dataset: Dataset | None) -> dict[str, Any] | None:
    if dataset is None:
        return None
    return {"name": dataset.name, "skipped": dataset.skipped, "done": dataset.done}


def read_project(content: bytes) -> Project:
    """The project in such a file. Nothing in it is run or unpickled.

    Raises Refused, with what was found, for any other file, a newer version, and for more than the
    limits allow.
    """
    if len(content) > MAX_PROJECT_BYTES:
        found = f"The file has {len(content):,} bytes"
        raise Refused(f"{found}; at most {MAX_PROJECT_BYTES:,} are taken.")
    with open_archive(content, MAX_PROJECT_MODELS + 4) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        total = sum(entry.file_size for entry in entries.values())
        if total > MAX_UNPACKED_BYTES:
            found = f"Unpacked it has {total:,} bytes"
            raise Refused(f"{found}; at most {MAX_UNPACKED_BYTES:,} are taken.")
        told = _manifest(archive, entries)
        try:
            return _read(told, archive, entries)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, Refused):
                raise
            raise Refused("The project's manifest is not as it was written.") from None


def _manifest(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> dict:
    if MANIFEST not in entries:
        raise Refused(f"The archive has no {MANIFEST}: it is no project of Digitscope.")
    try:
        told = json.loads(_bytes(archive, entries, MANIFEST, MAX_MANIFEST_BYTES))
    except (ValueError, RecursionError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"{MANIFEST} is no JSON.") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Refused(f"{MANIFEST} is not of a project of Digitscope.")
    if told.get("version") != VERSION:
        found = str(told.get("version"))[:20]
        raise Refused(f"The project has version {found}; this Digitscope reads {VERSION}.")
    return told


def _bytes(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str, most: int
) -> bytes:
    """What that file of the archive holds, b"" where there is none."""
    if name not in entries:
        return b""
    if entries[name].file_size > most:
        raise Refused(f"{name} has {entries[name].file_size:,} bytes; at most {most:,} are taken.")
    return entry_bytes(archive, entries[name])


def _read(told: dict, archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> Project:
    if len(told["models"]) > MAX_PROJECT_MODELS:
        found = f"The project has {len(told['models'])} models"
        raise Refused(f"{found}; at most {MAX_PROJECT_MODELS} are taken.")
    models = [
        _model(about, read_npz(_bytes(archive, entries, _text(about["file"]), MAX_UNPACKED_BYTES)))
        for about in told["models"]
    ]
    data = _bytes(archive, entries, DATA, MAX_UNPACKED_BYTES)
    return Project(
        _text(told["key"]),
        _text(told["called"]),
        tuple(model for model in models if isinstance(model, KeptAnswers)),
        tuple(model for model in models if isinstance(model, KeptTemplates)),
        _bytes(archive, entries, MARKS, MAX_ANNOTATION_BYTES),
        _bytes(archive, entries, CORRECTIONS, MAX_DECISION_BYTES),
        _links(told["links"]),
        _dataset(told, read_npz(data)) if data else None,
        {_text(name): _text(version) for name, version in told["versions"].items()},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value[:500]


def _model(about: dict, arrays: dict[str, np.ndarray]) -> KeptAnswers | KeptTemplates:
    name = _text(about["name"])
    if about["kind"] == "templates":
        recipe = TrainingRecipe(**about["recipe"])
        return KeptTemplates(name, recipe, arrays["templates"].astype(float, casting="safe"))
    index = arrays["index"].astype(int, casting="safe")
    return KeptAnswers(
        name,
        _text(about["unit"]),
        about["scored"] is True,
        index,
        arrays["places"].astype(int, casting="safe"),
        arrays["distance"].astype(float, casting="safe"),
        tuple(map(_text, about["done"])),
        tuple(map(_text, about["warnings"])),
        _attributes(about.get("attributes", []), arrays, index),
    )


def _attributes(
    names: list, arrays: dict[str, np.ndarray], index: np.ndarray
) -> pd.DataFrame | None:
    """The columns that came with the answers; None where there are none."""
    if not names:
        return None
    if len(names) > MAX_BROUGHT_ATTRIBUTES or not all(map(may_be_attribute, map(_text, names))):
        raise Refused("The attributes of the project's answers are not as they were written.")
    cells = {name: arrays[f"attribute_{number}"] for number, name in enumerate(names)}
    if any(some.shape != index.shape for some in cells.values()):
        raise Refused("The attributes of the project's answers are not as many as the answers.")
    return pd.DataFrame({name: column(name, some) for name, some in cells.items()}).set_axis(index)


def _links(told: dict) -> Links:
    """By page the parameters of its address, texts or lists of texts."""
    return {
        _text(page): {
            _text(name): [_text(one) for one in value] if isinstance(value, list) else _text(value)
            for name, value in parameters.items()
        }
        for page, parameters in told.items()
    }


def _dataset(told: dict, arrays: dict[str, np.ndarray]) -> Dataset:
    """The data, whose key must be the project's: then they are these to the last pixel."""
    splits = []
    for side in SIDES:
        images, labels, files = (arrays[f"{side}_{what}"] for what in ("images", "labels", "files"))
        if images.dtype != np.uint8 or images.ndim != 3 or labels.ndim != 1 or files.ndim != 1:
            raise Refused("The project's images and labels are not as they were written.")
        splits.append(Split(images, labels, files))
    about = told["data"]
    skipped, done = (tuple(map(_text, about[what])) for what in ("skipped", "done"))
    dataset = Dataset(_text(about["name"]), *splits, skipped, done)
    if dataset.key != told["key"]:
        found = f"The project's data have the key {dataset.key}"
        raise Refused(f"{found}; its manifest says {_text(told['key'])[:20]}.")
    return dataset
