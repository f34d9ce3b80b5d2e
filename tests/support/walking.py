"""A viewer who clicks at random, and everything a page then shows as text."""

import random
import re

from engine.evaluation.annotations import MARKS

VIEW = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  const fields = [...main.querySelectorAll('input, [aria-pressed], [aria-checked], [role=tab]')];
  const said = fields.filter((field) => field.offsetParent).map((field) =>
    [field.ariaLabel, field.value, field.ariaPressed, field.ariaChecked, field.ariaSelected]);
  const text = main.cloneNode(true);  // without the ticks of charts, which depend on their layout
  for (const drawn of text.querySelectorAll('svg, canvas, style, script')) drawn.remove();
  return text.textContent.replace(/\\s+/g, ' ') + JSON.stringify(said);
}"""


def settled(visitor) -> None:
    """Waits until the page is drawn, also by the run that brings the address up to date."""
    for _ in range(2):
        visitor.settle()
        visitor.page.wait_for_timeout(900)
    visitor.settle()


QUIET = ("Overview", "Confusion", "Errors", "Templates", "Compare", "Data")
"""Pages that neither train, draw nor compute in the background."""


def view(visitor) -> str:
    """The text of the page, and what its fields, buttons and tabs hold."""
    return visitor.page.evaluate(VIEW)


def act(visitor, chance: random.Random) -> str:
    """Does one thing at random that a viewer can do here; says what."""
    kind = chance.choice(["page", "tab", "tile", "list", "button", "pager", "chart", "chart"])
    named = {"page": _page, "tab": _tab, "tile": _tile, "list": _list, "chart": _chart}
    return named.get(kind, _button)(visitor, chance)


def _page(visitor, chance: random.Random) -> str:
    links = visitor.page.get_by_test_id("stSidebarNavLink")
    wanted = chance.choice(QUIET)
    links.filter(has_text=wanted).click()
    return f"page {wanted}"


def _any(locator, chance: random.Random):
    """One of the visible ones; None where there is none."""
    seen = [one for one in locator.all() if one.is_visible() and one.is_enabled()]
    return chance.choice(seen) if seen else None


def _tab(visitor, chance: random.Random) -> str:
    found = _any(visitor.page.get_by_role("tab", selected=False), chance)
    return _clicked(found) or _page(visitor, chance)


def _tile(visitor, chance: random.Random) -> str:
    found = _any(visitor.page.locator('button[aria-label^="test image"]'), chance)
    return _clicked(found) or _page(visitor, chance)


def _chart(visitor, chance: random.Random) -> str:
    """A click on a cell or a bar; some of these are a choice, and others only show a figure."""
    marks = visitor.page.locator('[aria-roledescription="rect mark"], [aria-roledescription="bar"]')
    if not marks.count():
        return _page(visitor, chance)
    mark = marks.nth(chance.randrange(marks.count()))
    told, box = mark.get_attribute("aria-label"), mark.bounding_box()
    if min(box["width"], box["height"]) < 1:  # a bar of nothing, which nobody can hit
        return _page(visitor, chance)
    mark.scroll_into_view_if_needed()
    mark.click(force=True)
    return f"chart {told!r}"


def _button(visitor, chance: random.Random) -> str:
    """A choice among a few, or a page of a gallery; marks are the viewer's own and in no link."""
    main = visitor.page.get_by_test_id("stMain")
    parts = '[role="radio"], [data-testid="stPagination"] button'
    linked = main.locator(parts).filter(has_not_text=re.compile("|".join(MARKS)))
    return _clicked(_any(linked, chance)) or _page(visitor, chance)


def _list(visitor, chance: random.Random) -> str:
    field = _any(visitor.page.get_by_role("combobox"), chance)
    if field is None:
        return _page(visitor, chance)
    label = field.get_attribute("aria-label")
    field.scroll_into_view_if_needed()
    visitor.page.wait_for_timeout(500)  # a list closes when the page scrolls under it
    field.click()
    options = visitor.page.get_by_role("option")
    options.first.wait_for()
    wanted = chance.choice([one for one in options.all()[:3] if one.inner_text() != "MNIST"])
    told = wanted.inner_text()
    wanted.click()
    return f"list {label!r}: {told}"


def _clicked(found) -> str:
    if found is None:
        return ""
    told = found.get_attribute("aria-label") or found.inner_text()
    found.click()
    return f"click {told!r}"
