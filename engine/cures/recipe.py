"""A template classifier and the cures it has had: by name, and as a model like any other."""

from dataclasses import dataclass, replace

from engine.cures.catalogue import CURES
from engine.cures.prepared import Prepared
from engine.models.by_class import FittedByClass
from engine.models.nearest_prototypes import NearestPrototypes
from engine.models.nearest_template import NearestTemplate
from engine.models.registry import MODELS, Model
from engine.models.tangent_distance import TangentDistance

PLUS = " + "  # between the names in a model's name
BASES = {"L1 mean": ("l1", "mean"), "L2 mean": ("l2", "mean"), "L1 median": ("l1", "median")}


@dataclass(frozen=True)
class Settings:
    """What the cures set of the classifier."""

    metric: str
    center: str
    offsets: str | None = None
    prototypes: int = 1
    tangents: bool = False

    def make(self) -> FittedByClass:
        """The classifier, not yet fitted."""
        if self.tangents:
            return TangentDistance(offsets=self.offsets)
        if self.prototypes > 1:
            return NearestPrototypes(self.metric, self.prototypes, self.offsets)
        return NearestTemplate(self.metric, self.center, self.offsets)


@dataclass(frozen=True)
class Recipe:
    """One of `BASES` and names of `CURES`, in the order of that table."""

    base: str
    cures: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As on the screen, so in the link."""
        return PLUS.join((self.base, *self.cures))

    def offered(self) -> list[str]:
        """The cures that can still be added, in their order."""
        taken = frozenset().union(*(CURES[name].kind for name in self.cures))
        metric, _ = BASES[self.base]
        return [
            name
            for name, cure in CURES.items()
            if name not in self.cures
            and not cure.kind & taken
            and ("metric", metric) not in cure.sets
        ]

    def plus(self, cure: str) -> "Recipe":
        """With one cure more. Raises ValueError for one that is not `offered`."""
        if cure not in self.offered():
            raise ValueError(f"got {cure!r}, wanted one of {self.offered()}")
        return replace(self, cures=tuple(n for n in CURES if n in (*self.cures, cure)))

    @property
    def steps(self) -> list[str]:
        """The cures that prepare the images, in the order in which they are taken."""
        return [name for name in self.cures if CURES[name].step]

    @property
    def settings(self) -> Settings:
        """Those of the base, changed by the cures."""
        changed = {k: v for name in self.cures for k, v in CURES[name].sets}
        return replace(Settings(*BASES[self.base]), **changed)

    def make(self) -> Prepared:
        """The model, not yet fitted."""
        steps = [CURES[name].step() for name in self.steps]
        return Prepared(steps, self.settings.make(), self.name)

    def model(self) -> Model:
        """As an entry of `MODELS`: fitted in the background, each time anew."""
        label = f"{MODELS[self.base].label}{PLUS}{PLUS.join(self.cures)}"
        rule = f"that is nearest to the image with these changes: {', '.join(self.cures)}"
        return Model(label, rule, self.make, slow=True)


def recipe_named(name: str) -> Recipe | None:
    """What `Recipe.name` says; None for any other text, another order or a cure too many."""
    base, *cures = name.split(PLUS)
    if base not in BASES:
        return None
    recipe = Recipe(base)
    for cure in cures:
        if cure not in recipe.offered():
            return None
        recipe = recipe.plus(cure)
    return recipe if recipe.name == name else None


def model_named(name: str) -> Model:
    """A model of the table, or a recipe. Raises KeyError for another name."""
    if name in MODELS:
        return MODELS[name]
    recipe = recipe_named(name)
    if recipe is None:
        raise KeyError(name)
    return recipe.model()
