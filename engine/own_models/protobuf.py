"""What an ONNX file is looked through for before it is run, without the package onnx.

Protocol buffers are fields: a number, a kind, and for messages a length and that many bytes. Only
the fields that lead to tensors and operators are followed. Source: onnx.proto of ONNX 1.23.
"""

from collections.abc import Iterator

from engine.runtime.errors import Refused

DOMAINS = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}  # whose operators onnxruntime brings
INSIDE = {  # of each message, its fields that are messages to be looked into
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        22: "sparse",
        23: "sparse",
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
TYPE, DOMAIN = 4, 7  # fields of a node
FUNCTION_DOMAIN = 10
EXTERNAL_DATA, DATA_LOCATION = 13, 14  # fields of a tensor
DEEP = 60  # messages in one another; a graph in a graph is three of them
Field = tuple[int, int | memoryview]


class NoProtobuf(ValueError):
    """The bytes are no protocol buffer."""


def check(content: bytes) -> None:
    """Raises Refused for what is no ONNX model, has data elsewhere or operators of its own."""
    try:
        found = list(_messages(memoryview(content), "model", 0))
    except NoProtobuf:
        found = []
    if not any(kind == "graph" for kind, _ in found):
        raise Refused(f"Found {_looks_like(content)}; wanted a model as an ONNX file (.onnx).")
    if any(_is_elsewhere(fields) for kind, fields in found if kind == "tensor"):
        raise Refused(
            "Found a model with external data, in other files; wanted one that is whole in its "
            "ONNX file (save it without external data)."
        )
    _check_operators(found)


def _check_operators(found: list[tuple[str, list[Field]]]) -> None:
    own = {_text(fields, FUNCTION_DOMAIN) for kind, fields in found if kind == "function"}
    for kind, fields in found:
        if kind == "node" and _text(fields, DOMAIN) not in DOMAINS | own:
            raise Refused(
                f"Found the custom operator '{_text(fields, TYPE)}' of '{_text(fields, DOMAIN)}'; "
                "wanted only operators that ONNX and onnxruntime have."
            )


def _messages(data: memoryview, kind: str, depth: int) -> Iterator[tuple[str, list[Field]]]:
    """This message and all within it, each with its kind and its fields."""
    if depth > DEEP:
        raise Refused(f"Found graphs in one another, more than {DEEP // 3} deep; wanted fewer.")
    own = list(_fields(data))
    yield kind, own
    for number, value in own:
        within = INSIDE[kind].get(number)
        if within and isinstance(value, memoryview):
            yield from _messages(value, within, depth + 1)


def _fields(data: memoryview) -> Iterator[Field]:
    """The fields of a message: whole numbers, and views of whatever has a length."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind not in (1, 2, 5):
            raise NoProtobuf(f"a field of kind {kind}")
        length, at = _varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
        if at + length > len(data):
            raise NoProtobuf("a field is longer than its message")
        yield number, data[at : at + length]
        at += length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """The number in groups of seven bits that begins there, and where it has ended."""
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    raise NoProtobuf("a number does not end")


def _is_elsewhere(fields: list[Field]) -> bool:
    return any(n == EXTERNAL_DATA or (n == DATA_LOCATION and value == 1) for n, value in fields)


def _text(fields: list[Field], number: int) -> str:
    """The text in that field, fit for a sentence: short and printable; '' where it is not there."""
    found = next((v for n, v in fields if n == number and isinstance(v, memoryview)), b"")
    return "".join(c for c in bytes(found[:200]).decode("utf-8", "replace") if c.isprintable())[:60]


def _looks_like(content: bytes) -> str:
    """What bytes that are no ONNX model may be."""
    known = {b"PK": "a ZIP archive (as PyTorch and Keras save)", b"\x80": "a pickle"}
    known |= {b"\x89HDF": "an HDF5 file (as Keras saves)"}
    if content[4:8] in (b"ORTM", b"TFL3"):
        return "a model in another format (ORT or TensorFlow Lite)"
    return next((said for head, said in known.items() if content.startswith(head)), "another file")
