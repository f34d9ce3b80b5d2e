"""The fifteen kinds of corruption by name: what each does, and how strongly at each severity."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.corruption import blurs, edges, fog, lines, moves, noise
from engine.corruption.draws import Draws

SEVERITIES = (1, 2, 3, 4, 5)
Strength = float | tuple[float, ...]
Change = Callable[[np.ndarray, Strength, Draws], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """One kind: its ``label`` and what it ``does``, for the screen.

    ``change(images, strength, draws)`` gives levels, to be rounded, of uint8 images (n, h, w), with
    one of five ``strengths`` by severity. MNIST-C's own files have the one at severity
    ``published``. ``own`` says that only that strength is theirs, and the others are ours.
    """

    label: str
    does: str
    change: Change
    strengths: tuple[Strength, ...]
    published: int
    own: bool = False


THICK = (1.1, 1.7, 2.3, 3.5, 4.7)  # pixels of a line
KINDS = MappingProxyType(
    {
        "shot_noise": Kind(
            "Shot noise",
            "light counted in few photons",
            noise.shot_noise,
            (60, 25, 12, 5, 3),
            5,
        ),
        "impulse_noise": Kind(
            "Impulse noise",
            "single pixels set to no ink or full ink",
            noise.impulse_noise,
            (0.03, 0.06, 0.09, 0.17, 0.27),
            4,
        ),
        "glass_blur": Kind(
            "Glass blur",
            "pixels swapped with their neighbors, and blurred",
            blurs.glass_blur,
            ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2)),
            1,
        ),
        "motion_blur": Kind(
            "Motion blur",
            "drawn out in one direction",
            blurs.motion_blur,
            ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15)),
            1,
        ),
        "shear": Kind("Shear", "slanted", moves.shear, (0.2, 0.4, 0.6, 0.8, 1.0), 2),
        "scale": Kind("Scale", "made smaller", moves.scale, (0.9, 0.8, 0.7, 0.6, 0.5), 3),
        "rotate": Kind("Rotate", "turned", moves.rotate, (0.2, 0.4, 0.6, 0.8, 1.0), 2),
        "brightness": Kind(
            "Brightness",
            "a share of full ink added everywhere",
            noise.brightness,
            (0.1, 0.2, 0.3, 0.4, 0.5),
            5,
        ),
        "translate": Kind("Translate", "moved diagonally", moves.translate, (1, 2, 3, 4, 5), 3),
        "stripe": Kind(
            "Stripe",
            "ink and paper exchanged at the left and right edge",
            lines.stripe,
            (3 / 28, 5 / 28, 7 / 28, 9 / 28, 11 / 28),
            3,
            own=True,
        ),
        "fog": Kind(
            "Fog",
            "uneven light over the image",
            fog.fog,
            ((1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)),
            5,
        ),
        "spatter": Kind(
            "Spatter",
            "grey drops",
            noise.spatter,
            (
                (0.65, 0.3, 4, 0.69, 0.6),
                (0.65, 0.3, 3, 0.68, 0.6),
                (0.65, 0.3, 2, 0.68, 0.5),
                (0.65, 0.3, 1, 0.65, 1.5),
                (0.67, 0.4, 1, 0.65, 1.5),
            ),
            4,
        ),
        "dotted_line": Kind(
            "Dotted line", "a dotted line across", lines.dotted_line, THICK, 3, own=True
        ),
        "zigzag": Kind("Zigzag", "a zigzag line across", lines.zigzag, THICK, 3, own=True),
        "canny_edges": Kind(
            "Canny edges",
            "faded to the edges of the strokes",
            edges.canny_edges,
            (0.2, 0.4, 0.6, 0.8, 1.0),
            5,
            own=True,
        ),
    }
)
