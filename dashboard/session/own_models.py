"""Models in ONNX files that a viewer brought: on their way, and read in another form."""

import functools
import logging
import threading
import time
import weakref

import streamlit as st

from dashboard.server import health_log
from dashboard.session import keys, uploads
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.models.registry import Model
from engine.own_models import pool
from engine.own_models.classifier import OnnxClassifier
from engine.own_models.process import Stopped
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Refused
from engine.runtime.limits import MODEL_TEST_S
from engine.runtime.progress import Progress

RULE = "to which the model in the file gives the highest score"
SUFFIX = ".onnx"

log = logging.getLogger(__name__)
health_log.now_and_then(pool.rest_unused)
_one_judged = threading.Lock()  # of all viewers' models: they leave the processor to the pages


class Arriving:
    """A model that is finding out the form of its input and answers the test images of ``dataset``.

    ``task`` has the evaluation. Forgetting this ends the work; a model that is ``new`` ends, too.
    """

    def __init__(self, name: str, classifier: OnnxClassifier, dataset: Dataset, new: bool) -> None:
        self.dataset, stopped = dataset, threading.Event()
        self._end = weakref.finalize(self, _end, stopped, classifier if new else None)
        work = functools.partial(_judged, name, classifier, dataset, stopped)
        self.task: BackgroundTask[Evaluation] = BackgroundTask(work, f"The test of {name}")

    def stop(self) -> None:
        """Ends the work within a batch of images."""
        self._end()

    def taken(self) -> Evaluation:
        """What came of it, which from now on is the caller's. Raises what the work raised."""
        if self.task.error is not None:
            raise self.task.error
        self._end.detach()
        return self.task.result


def arriving() -> dict[str, Arriving]:
    """The models on their way, by name."""
    return st.session_state.setdefault(keys.ARRIVING, {})


def bring(name: str, content: bytes, dataset: Dataset) -> None:
    """Starts the model of an ONNX file under that name. Raises Refused, as where it is no model."""
    classifier = OnnxClassifier(content)
    uploads.BUDGET.take(classifier, len(content))
    arriving()[name] = Arriving(name, classifier, dataset, new=True)


def read_as(name: str, reading: str, kind: str) -> None:
    """Judges a model anew with its input and its output read so, as `OnnxClassifier` takes them."""
    now = uploads.models()[name]
    other = OnnxClassifier(now.classifier.process, reading, kind)
    arriving()[name] = Arriving(name, other, now.dataset, new=False)


def stop(name: str) -> None:
    """Lets a model on its way go; for ``on_click``."""
    if (one := arriving().pop(name, None)) is not None:
        one.stop()
        st.session_state[keys.LET_GO] = True


def settle() -> None:
    """For the beginning of a page: takes the models that have arrived, and notes what failed."""
    for name in [name for name, one in arriving().items() if one.task.finished()]:
        came = st.session_state.setdefault(keys.UPLOADS_CAME, {})
        turn = keys.turn("own_model")
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        try:
            uploads.add_model(name, arriving().pop(name).taken())
            came["data_model"] = name
        except Refused as refusal:
            came["data_model"] = Refused(f"{name}: {refusal}")
        except Exception:
            log.exception("%s could not be judged", name)
            came["data_model"] = Refused(f"{name} failed; the reason is in the server's log.")


def _judged(
    name: str,
    classifier: OnnxClassifier,
    dataset: Dataset,
    stopped: threading.Event,
    progress: Progress,
) -> Evaluation:
    """The model's answers to the test images; Refused where they take too long."""
    progress("Waiting for another viewer's model", 0, 0)
    with _one_judged:
        until = time.monotonic() + MODEL_TEST_S

        def watched(step: str, done: int, total: int) -> None:
            if stopped.is_set():
                raise Stopped("The test was stopped.")
            if time.monotonic() > until:
                raise Stopped(
                    f"The model answered {done:,} of {total:,} images within {MODEL_TEST_S:.0f} "
                    "seconds; wanted a faster one."
                )
            progress(step, done, total)

        made = evaluate(dataset, Model(name, RULE, lambda: classifier, slow=True), watched)
    give_back(dataset.training.images)
    return made


def _end(stopped: threading.Event, classifier: OnnxClassifier | None) -> None:
    stopped.set()
    if classifier is not None:
        classifier.close()
