"""The one look: every colour with a meaning, in light and in dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; charts and pictures take them from here and nowhere else.

    ``right`` and ``wrong`` are a blue and an orange that stay apart for colour-blind readers.
    ``sequential`` runs from nothing (paper) to most. Two scales have zero in the middle:
    ``diverging`` for worse and better, ``contrast`` for one class or template against another,
    of which neither need be right. ``series`` are for other things that are neither right nor
    wrong, such as models or splits.
    """

    name: str
    paper: str
    ink: str
    faint: str
    right: str
    wrong: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    contrast: tuple[str, ...]
    series: tuple[str, ...]


LIGHT = Palette(
    name="light",
    paper="#fbfaf6",
    ink="#161412",
    faint="#6b665c",
    right="#1f6fa8",
    wrong="#b9500b",
    sequential=("#f4f1e8", "#c9d8e2", "#86adc8", "#3f7cab", "#16436b"),
    diverging=("#a8460a", "#e2a26f", "#f4f1e8", "#86adc8", "#1b5a8a"),
    contrast=("#7b3180", "#c096c2", "#f4f1e8", "#82b9ae", "#0a6b5e"),
    series=("#161412", "#0f7b6c", "#8b3f8f", "#8a7000", "#6b665c"),
)
DARK = Palette(
    name="dark",
    paper="#191815",
    ink="#ece8df",
    faint="#a49f93",
    right="#6fb3e6",
    wrong="#f0a05c",
    sequential=("#24231f", "#2b4256", "#3a6a90", "#62a0cf", "#bfe0fa"),
    diverging=("#f3ab6c", "#9a5c2c", "#24231f", "#3a6a90", "#84c2f2"),
    contrast=("#d9a0df", "#7d4f84", "#24231f", "#2d6f64", "#58c8b4"),
    series=("#ece8df", "#45b8a5", "#c98bd0", "#c9b04a", "#a49f93"),
)


def palette(theme: str | None) -> Palette:
    """The palette of Streamlit's theme type, ``"light"`` or ``"dark"``; light when unknown."""
    return DARK if theme == "dark" else LIGHT
