"""Models in ONNX files that a viewer brought: on their way, and read in another form."""

import logging
import math
import threading
import time
import weakref
from collections.abc import Callable

import streamlit as st

from dashboard.server import health_log
from dashboard.session import keys, uploads
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.models.registry import Model
from engine.own_models import pool
from engine.own_models.classifier import OnnxClassifier
from engine.own_models.process import Stopped, read_model
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Refused
from engine.runtime.limits import MODEL_TEST_S
from engine.runtime.progress import Progress

RULE = "to which the model in the file gives the highest score"

log = logging.getLogger(__name__)
health_log.now_and_then(pool.rest_unused)
_one_tested = threading.Lock()  # of all viewers' models: they leave the processor to the pages


class _Test:
    """The work on one model: ``make`` starts it, then it answers the test images of ``dataset``.

    Counted in the viewers' budget with ``size`` bytes as long as it, or its evaluation, lives.
    """

    def __init__(
        self, name: str, make: Callable[[], OnnxClassifier], size: int, dataset: Dataset
    ) -> None:
        """Raises Refused where the server holds too much."""
        self.name, self.make, self.dataset = name, make, dataset
        self.classifier: OnnxClassifier | None = None
        self.stopped, self.until = threading.Event(), math.inf
        uploads.BUDGET.take(self, size)

    def __call__(self, progress: Progress) -> Evaluation:
        """The evaluation; Refused where it is no model, takes too long or was stopped."""
        progress("Waiting for another viewer's model", 0, 0)
        with _one_tested:
            self.until = time.monotonic() + MODEL_TEST_S
            self._judge_time("", 0, 0)
            progress("Starting a process for the model", 0, 0)
            self.classifier = self.make()

            def watched(step: str, done: int, total: int) -> None:
                self._judge_time(step, done, total)
                progress(step, done, total)

            model = Model(self.name, RULE, lambda: self.classifier, slow=True)
            made = evaluate(self.dataset, model, watched)
        give_back(self.dataset.training.images)
        return made

    def _judge_time(self, _: str, done: int, total: int) -> None:
        if self.stopped.is_set():
            raise Stopped("The test was stopped.")
        if time.monotonic() > self.until:
            found = f"{done:,} of {total:,} answers" if total else "no form of its input"
            raise Stopped(f"Found {found} in {MODEL_TEST_S:.0f} seconds; wanted a faster model.")

    def end(self, close: bool) -> None:
        """Ends the work within a batch of images, and with ``close`` the model at once."""
        self.stopped.set()
        if close and self.classifier is not None:
            self.classifier.close()


class Arriving:
    """A model whose ``task`` is its evaluation on ``dataset``.

    Forgetting this ends the work; a model that is ``new`` ends, too.
    """

    def __init__(self, test: _Test, new: bool) -> None:
        self.dataset = test.dataset
        self._end = weakref.finalize(self, test.end, new)
        self.task: BackgroundTask[Evaluation] = BackgroundTask(test, f"The test of {test.name}")

    def stop(self) -> None:
        """Ends the work now."""
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
    """Starts to test the model of an ONNX file under that name. Raises Refused for a large one."""
    content = read_model(content)
    test = _Test(name, lambda: OnnxClassifier(content), len(content), dataset)
    arriving()[name] = Arriving(test, new=True)


def read_as(name: str, reading: str, kind: str) -> None:
    """Tests a model anew with its input and its output read so, as `OnnxClassifier` takes them.

    Raises Refused where the server holds too much.
    """
    now = uploads.models()[name]
    process = now.classifier.process
    test = _Test(
        name,
        lambda: OnnxClassifier(process, reading, kind),
        len(process.content),
        now.dataset,
    )
    arriving()[name] = Arriving(test, new=False)


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
