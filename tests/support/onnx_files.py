"""ONNX files for the tests, honest and hostile; only for those that have the packages for them."""

import io
import warnings

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

FLOATS = ("x", T.FLOAT, [None, 64])


def weights(name: str, values: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)


def file(
    nodes: list,
    tensors: list = (),
    given: tuple = FLOATS,
    out: tuple = ("y", T.FLOAT, [None, 10]),
    domains: tuple = (),
) -> bytes:
    """A model of these nodes, from "x" to "y"."""
    info = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "graph", [info(*given)], [info(*out)], list(tensors))
    opsets = [helper.make_opsetid("", 17), *(helper.make_opsetid(name, 1) for name in domains)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()


def linear(matrix: np.ndarray, given: tuple = FLOATS, out: list = (None, 10)) -> bytes:
    """Scores that are the flat image times a matrix."""
    nodes = [node("Flatten", "x", "f"), node("MatMul", ["f", "W"], "y")]
    return file(nodes, [weights("W", matrix.astype(np.float32))], given, ("y", T.FLOAT, list(out)))


def node(kind: str, given: str | list, out: str, **attributes: object) -> onnx.NodeProto:
    return helper.make_node(kind, [given] if isinstance(given, str) else given, [out], **attributes)


def _with(nodes: list, tensors: list) -> bytes:
    """Scores of zero, and to them is added the number "r"."""
    last = [node("MatMul", ["x", "W"], "m"), node("Add", ["m", "r"], "y")]
    zero = weights("W", np.zeros((64, 10), np.float32))
    return file([*nodes, *last], [*tensors, zero])


def external_data() -> bytes:
    """Weights that are the bytes of another file."""
    tensor = onnx.TensorProto(name="W", data_type=T.FLOAT, dims=[64, 10])
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../../../../etc/passwd")
    return file([node("MatMul", ["x", "W"], "y")], [tensor])


def external_constant() -> bytes:
    """The same in a node's attribute, within the branch of a condition."""
    tensor = onnx.TensorProto(name="v", data_type=T.FLOAT, dims=[1])
    tensor.external_data.add(key="location", value="/etc/passwd")
    info = helper.make_tensor_value_info("c", T.FLOAT, [1])
    branch = helper.make_graph([node("Constant", [], "c", value=tensor)], "branch", [], [info])
    both = {"then_branch": branch, "else_branch": branch}
    return _with([node("If", "t", "r", **both)], [weights("t", np.array(True))])


def custom_operator() -> bytes:
    domains = ("my.operators",)
    return file([node("Anything", "x", "y", domain=domains[0])], domains=domains)


def _loop(step: onnx.NodeProto, times: int) -> list:
    """A loop whose value "v" becomes "w" in each step, and what it begins with."""
    info = helper.make_tensor_value_info
    given = [info("i", T.INT64, []), info("c", T.BOOL, []), info("v", T.FLOAT, [None])]
    out = [info("d", T.BOOL, []), info("w", T.FLOAT, [None])]
    body = helper.make_graph([node("Identity", "c", "d"), step], "body", given, out)
    loop = [node("Loop", ["n", "t", "z"], "l", body=body), node("ReduceMax", "l", "r", keepdims=0)]
    begin = {"n": np.array(times), "t": np.array(True), "z": np.zeros(1, np.float32)}
    return [loop, [weights(name, value) for name, value in begin.items()]]


def endless() -> bytes:
    """A loop of 2⁶² steps."""
    return _with(*_loop(node("Neg", "v", "w"), 2**62))


def doubling() -> bytes:
    """A loop of 60 steps, each of which doubles what it holds."""
    return _with(*_loop(node("Concat", ["v", "v"], "w", axis=0), 60))


def huge_constant() -> bytes:
    """A constant of 80 GB in a file of some bytes."""
    one = weights("one", np.ones(1, np.float32))
    nodes = [node("ConstantOfShape", "s", "b", value=one), node("ReduceMax", "b", "r", keepdims=0)]
    return _with(nodes, [weights("s", np.array([20_000_000_000]))])


def huge_answer() -> bytes:
    """64,000 scores an image."""
    tensor = weights("s", np.array([1, 1000]))
    return file([node("Tile", ["x", "s"], "y")], [tensor], out=("y", T.FLOAT, [None, None]))


def no_number() -> bytes:
    nodes = [node("MatMul", ["x", "W"], "m"), node("Log", "m", "l"), node("Sub", ["l", "l"], "y")]
    return file(nodes, [weights("W", np.zeros((64, 10), np.float32))])


def nested(graphs: int = 24) -> bytes:
    """Conditions in one another."""
    out = [helper.make_tensor_value_info("r", T.FLOAT, None)]
    inner = helper.make_graph([node("Neg", "z", "r")], "inner", [], out)
    leaf = inner
    for _ in range(graphs):
        both = {"then_branch": inner, "else_branch": leaf}
        inner = helper.make_graph([node("If", "t", "r", **both)], "inner", [], out)
    tensors = {"t": np.array(True), "z": np.zeros(1, np.float32)}
    return _with(list(inner.node), [weights(name, value) for name, value in tensors.items()])


def exported(network, size: tuple[int, int]) -> bytes:
    """A network of torch's for images (n, 1, h, w)."""
    import torch

    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the old one
        torch.onnx.export(
            network,
            (torch.zeros(2, 1, *size),),
            content,
            dynamo=False,
            input_names=["image"],
            output_names=["logits"],
            dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}},
        )
    return content.getvalue()
