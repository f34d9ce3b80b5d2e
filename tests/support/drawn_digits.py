"""Ten digits as a hand draws them on the pad, and the same ones small, large, moved and slanted."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from engine.preprocessing.strokes import PEN, PEN_RANGE, Stroke

Lines = list[np.ndarray]  # one stroke each: its points (n, 2), x to the right and y down, in 0..1


def _arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> np.ndarray:
    """Part of an ellipse; angles in turns, 0 to the right, growing clockwise on the screen."""
    turn = 2 * np.pi * np.linspace(start, end, 24)
    return np.c_[x + wide * np.cos(turn), y + high * np.sin(turn)]


def _line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=float)


def digits() -> dict[int, Lines]:
    """The strokes of each digit, in the middle of the pad and about 0.6 high."""
    join = np.concatenate
    return {
        0: [_arc(0.5, 0.5, 0.19, 0.3, -0.22, 0.8)],
        1: [_line((0.42, 0.3), (0.52, 0.2), (0.5, 0.8))],
        2: [join([_arc(0.49, 0.36, 0.17, 0.16, -0.45, 0.1), _line((0.33, 0.79), (0.7, 0.78))])],
        3: [
            join(
                [_arc(0.48, 0.35, 0.17, 0.15, -0.42, 0.25), _arc(0.48, 0.65, 0.2, 0.16, -0.24, 0.4)]
            )
        ],
        4: [_line((0.4, 0.2), (0.33, 0.52), (0.68, 0.52)), _line((0.62, 0.24), (0.6, 0.82))],
        5: [
            join([_line((0.37, 0.22), (0.35, 0.46)), _arc(0.47, 0.63, 0.19, 0.17, -0.3, 0.4)]),
            _line((0.37, 0.22), (0.66, 0.21)),
        ],
        6: [join([_line((0.6, 0.2), (0.42, 0.42)), _arc(0.5, 0.64, 0.16, 0.16, -0.5, 0.5)])],
        7: [_line((0.3, 0.25), (0.68, 0.23), (0.47, 0.82))],
        8: [
            join(
                [_arc(0.5, 0.35, 0.14, 0.14, 0.25, -0.75), _arc(0.5, 0.65, 0.17, 0.16, -0.25, 0.75)]
            )
        ],
        9: [join([_arc(0.49, 0.36, 0.15, 0.15, 0.0, -1.0), _line((0.63, 0.4), (0.6, 0.82))])],
    }


def _around_middle(lines: Lines, matrix: np.ndarray, move: tuple[float, float] = (0, 0)) -> Lines:
    return [(line - 0.5) @ matrix.T + 0.5 + move for line in lines]


WAYS: Mapping[str, Callable[[Lines], Lines]] = MappingProxyType(
    {
        "usual": lambda lines: lines,
        "small": lambda lines: _around_middle(lines, 0.4 * np.eye(2)),
        "large": lambda lines: _around_middle(lines, 1.5 * np.eye(2)),
        "off-centre": lambda lines: _around_middle(lines, 0.6 * np.eye(2), (0.2, -0.2)),
        "slanted": lambda lines: _around_middle(lines, np.array([[1, -0.35], [0, 1]])),
    }
)
PENS = MappingProxyType(
    {"thinnest": PEN_RANGE[0], "thin": 0.03, "usual": PEN, "thick": 0.11, "thicker": 0.15}
)


def drawn(way: str, pen: float) -> dict[int, tuple[Stroke, ...]]:
    """Each digit as strokes that the pad sends, drawn in one of `WAYS` with that pen."""
    return {
        digit: tuple(Stroke(tuple(map(tuple, line)), pen) for line in WAYS[way](lines))
        for digit, lines in digits().items()
    }
