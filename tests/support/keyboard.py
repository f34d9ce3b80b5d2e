"""A viewer who walks through a page with the Tab key: each stop, its name, and how one sees it."""

STOP = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const root = at.getRootNode();
  const text = (id) => root.getElementById?.(id)?.innerText ?? '';
  const byId = (ids) => (ids ?? '').split(' ').map(text).join(' ');
  const label = at.labels?.length ? at.labels[0].innerText : '';
  const names = [at.ariaLabel, byId(at.getAttribute('aria-labelledby')), label, at.innerText,
    at.title, at.alt, at.placeholder];
  const drawn = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return outline || style.boxShadow !== 'none';
  };
  const around = [at];
  while (around.length < 5 && around.at(-1).parentElement) around.push(around.at(-1).parentElement);
  const typed = ['INPUT', 'TEXTAREA'].includes(at.tagName); // a frame whose colour changes
  const framed = (one) => typed && getComputedStyle(one).borderTopWidth !== '0px';
  return {
    name: names.map((name) => (name ?? '').trim()).find((name) => name) ?? '',
    visible: around.some((one) => drawn(one) || framed(one)),
    what: at.outerHTML.slice(0, 300),
    where: around.map((one) => one.dataset?.testid).find((one) => one) ?? '',
  };
}"""


def stops(page, most: int = 150) -> list[dict]:
    """Every stop of the Tab key from the top of the page, until it leaves it or comes round."""
    found, seen = [], set()
    page.evaluate("document.activeElement?.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        if stop["what"] not in seen:
            seen.add(stop["what"])
            found.append(stop)
    return found
