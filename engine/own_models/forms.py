"""In which form a model wants an image: the order of its axes, and the range of its ink."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.runtime.errors import Refused

MEAN, SD = 0.1307, 0.3081  # of MNIST's ink in 0…1, as PyTorch's example normalises it
LAYOUTS: MappingProxyType[str, Callable[[int, int], tuple[int, ...]]] = MappingProxyType(
    {
        "channel first": lambda h, w: (1, h, w),
        "rows and columns": lambda h, w: (h, w),
        "flat": lambda h, w: (h * w,),
        "channel last": lambda h, w: (h, w, 1),
    }
)
SCALES: MappingProxyType[str, tuple[float, float]] = MappingProxyType(
    {  # the value of paper and of full ink
        "0 to 1": (0, 1),
        "0 to 255": (0, 255),
        "normalised by MNIST's mean and deviation": (-MEAN / SD, (1 - MEAN) / SD),
        "−1 to 1": (-1, 1),
        "1 to 0, ink dark": (1, 0),
        "255 to 0, ink dark": (255, 0),
        "normalised, ink dark": ((1 - MEAN) / SD, -MEAN / SD),
        "1 to −1, ink dark": (1, -1),
    }
)
WHOLE = ("0 to 255", "255 to 0, ink dark")  # the scales for inputs of whole numbers
TYPES = MappingProxyType(
    {
        "tensor(float)": "float32",
        "tensor(double)": "float64",
        "tensor(float16)": "float16",
        "tensor(uint8)": "uint8",
        "tensor(int32)": "int32",
        "tensor(int64)": "int64",
    }
)


@dataclass(frozen=True)
class Form:
    """A name of `LAYOUTS`, one of `SCALES`, and which of the model's outputs is read."""

    layout: str
    scale: str
    output: int = 0


def shape_text(shape: Sequence[int | str | None]) -> str:
    """An input's shape as "batch × 1 × 28 × 28"; what may have any size is "?"."""
    sizes = [str(size) if isinstance(size, int) else "?" for size in shape[1:]]
    return " × ".join(["batch", *sizes])


def candidates(
    shape: Sequence[int | str | None], type_name: str, size: tuple[int, int], outputs: int
) -> list[Form]:
    """The forms in which images (h, w) fit an input of that shape, the likeliest first.

    Raises Refused, with the shape found and those wanted, where there is none.
    """
    if type_name not in TYPES:
        raise Refused(f"The model's input is {type_name}; wanted numbers, as tensor(float).")
    layouts = [name for name, of in LAYOUTS.items() if _fits(shape, of(*size))]
    if not layouts:
        wanted = ", ".join(shape_text([None, *of(*size)]) for of in LAYOUTS.values())
        raise Refused(
            f"The model's input is {shape_text(shape)}; wanted one of {wanted} for images of "
            f"{size[0]} × {size[1]} pixels."
        )
    scales = list(SCALES) if "float" in type_name or "double" in type_name else WHOLE
    return [Form(la, sc, out) for la in layouts for sc in scales for out in range(outputs)]


def _fits(shape: Sequence[int | str | None], wanted: tuple[int, ...]) -> bool:
    sizes = shape[1:]
    known = zip(sizes, wanted, strict=False)
    return len(sizes) == len(wanted) and all(s == w or not isinstance(s, int) for s, w in known)


def as_input(images: np.ndarray, form: Form, type_name: str) -> np.ndarray:
    """Images (n, h, w), uint8 or ink in 0…1 as floats, as the model wants them."""
    paper, ink = SCALES[form.scale]
    full = 255 if images.dtype == np.uint8 else 1
    values = images.astype(np.float32) * np.float32((ink - paper) / full) + np.float32(paper)
    if (paper, ink) == (0, 1):
        values = images.astype(np.float32) / np.float32(full)  # as ToTensor, to the last bit
    if TYPES[type_name][0] in "ui":
        values = np.rint(values)
    shape = LAYOUTS[form.layout](*images.shape[1:])
    return values.astype(TYPES[type_name]).reshape(len(images), *shape)
