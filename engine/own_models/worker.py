"""The program that runs a stranger's model: reads requests, answers each, and ends with its input.

A message is a line of JSON and, where that says ``bytes``, so many bytes. Nothing is unpickled, on
either side. Started by `process`; it opens no file and no connection once it has said "ready".
"""

import json
import os
import sys
from typing import BinaryIO

import numpy as np

from engine.own_models import confine
from engine.own_models.forms import Form, as_input
from engine.own_models.outputs import read_output
from engine.own_models.protobuf import check
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_MODEL_MEMORY_BYTES, MODEL_LOAD_S

OUT_OF_MEMORY = ("bad_alloc", "allocate", "memory", "length_error")  # in onnxruntime's words
TOO_LARGE = (
    f"The model wants more memory than the {MAX_MODEL_MEMORY_BYTES // 1_000_000} MB that it may "
    "have; wanted a smaller one."
)
THREADS = min(4, os.cpu_count() or 1)
LINE = 120  # characters of onnxruntime's own words


def main() -> None:
    """Answers requests until the other side is gone."""
    asked, answers = sys.stdin.buffer, _only_our_own_output()
    runtime = _onnxruntime()
    _say(answers, {"ready": runtime is not None})
    confine.close_doors(MAX_MODEL_MEMORY_BYTES)
    model = None
    while line := asked.readline():
        request = json.loads(line)
        content = asked.read(request["bytes"])
        try:
            if "load" in request:
                confine.allow(MODEL_LOAD_S * THREADS)
                model = Running(runtime, content)
                _say(answers, model.described())
            else:
                confine.allow(request["seconds"] * THREADS)
                _answer(answers, model, request, content)
        except Exception as error:  # whatever onnxruntime raises becomes one sentence
            too_large = _is_of_memory(error)
            said = TOO_LARGE if too_large else _sentence(error)
            _say(answers, {"refused": said, "stopped": too_large})


class Running:
    """A model that onnxruntime has loaded, and answers with."""

    def __init__(self, runtime, content: bytes) -> None:
        """Raises Refused for a file that is not to be run, and whatever onnxruntime raises."""
        check(content)
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # between batches
        self.session = runtime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        self.inputs = self.session.get_inputs()
        if len(self.inputs) != 1:
            raise Refused(f"The model has {len(self.inputs)} inputs; wanted one, for the image.")

    def described(self) -> dict[str, object]:
        """Its input's shape and type, and its outputs' names."""
        one = self.inputs[0]
        shape = [size if isinstance(size, int) else None for size in one.shape]
        names = [output.name[:60] for output in self.session.get_outputs()]
        return {"shape": shape, "type": one.type, "outputs": names}

    def answer(self, images: np.ndarray, form: Form):
        """The output for these images; a model for so many at a time gets so many at a time."""
        wanted = self.inputs[0].shape[0]
        fixed = isinstance(wanted, int) and wanted != len(images)
        values = as_input(images, form, self.inputs[0].type)
        return self._in_parts(values, wanted, form) if fixed else self._run(values, form)

    def _run(self, values: np.ndarray, form: Form):
        name = self.session.get_outputs()[form.output].name
        return self.session.run([name], {self.inputs[0].name: values})[0]

    def _in_parts(self, values: np.ndarray, wanted: int, form: Form):
        """In batches of just that many, the last one filled up with its last image."""
        parts = []
        for at in range(0, len(values), wanted):
            part = values[at : at + wanted]
            full = np.concatenate([part, part[-1:].repeat(wanted - len(part), axis=0)])
            parts.append(self._run(full, form)[: len(part)])
        lists = isinstance(parts[0], list)
        return [row for part in parts for row in part] if lists else np.concatenate(parts)


def _answer(answers: BinaryIO, model: Running, request: dict, content: bytes) -> None:
    dtype = {"uint8": np.uint8, "float32": np.float32}[request["dtype"]]
    images = np.frombuffer(content, dtype).reshape(request["images"])
    given = read_output(model.answer(images, Form(*request["form"])), len(images))
    if given.scores is None:
        return _say(answers, {"labels": given.labels})
    shape = list(given.scores.shape)
    _say(answers, {"scores": shape, "names": given.names}, given.scores.tobytes())


def _say(answers: BinaryIO, message: dict[str, object], content: bytes = b"") -> None:
    answers.write(json.dumps({**message, "bytes": len(content)}).encode() + b"\n" + content)
    answers.flush()


def _only_our_own_output() -> BinaryIO:
    """The pipe to the other side, which then is no longer where prints go."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return pipe


def _onnxruntime():
    try:
        import onnxruntime
    except ImportError:
        return None
    onnxruntime.set_default_logger_severity(4)
    return onnxruntime


def _is_of_memory(error: Exception) -> bool:
    said = not isinstance(error, Refused) and any(word in str(error) for word in OUT_OF_MEMORY)
    return said or isinstance(error, MemoryError)


def _sentence(error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, Refused):
        return said
    words = "".join(c for c in said.split(" : ")[-1] if c.isprintable())[:LINE]
    return f"onnxruntime does not run the model ({words}); wanted one that it runs."


if __name__ == "__main__":
    confine.step_back()
    main()
