// One entry in the browser's history for each action of the viewer, whatever follows from it.
// Streamlit adds one for each choice that the server changes, and none for a choice of the viewer.
// It writes the whole numbers of some fields as 593.0: in the address they are 593.
const COUNTED =
  /([?&](?:image|classify_index|order_seed|seed|points|shuffle)=-?\d+)\.0(?=&|#|$)/g;

if (!window.digitscopeHistory) {
  window.digitscopeHistory = true;
  let acted = false;
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  const write = (state, title, asked) => {
    const url = asked === undefined ? asked : String(asked).replace(COUNTED, "$1");
    const changed = url !== undefined && new URL(url, location.href).href !== location.href;
    if (changed && acted) push(state, title, url);
    else replace(state, title, url);
    if (changed) acted = false;
  };
  history.pushState = write;
  history.replaceState = write;
  for (const kind of ["pointerdown", "keydown"]) {
    window.addEventListener(kind, () => { acted = true; }, true);
  }
  window.addEventListener("popstate", () => { acted = false; });
}

// What Streamlit draws without saying what it is. Tables are a canvas that the keyboard reaches and
// nothing names. The list of pages has headings between its items, where a screen reader loses count:
// they become headings, with links after them.
const ROLES = {
  '[data-testid="stSidebarNavItems"], [data-testid="stSidebarNavItems"] li': { role: "presentation" },
  '[data-testid="stNavSectionHeader"] > span': { role: "heading", "aria-level": "2" },
  "canvas[tabindex]": { "aria-label": "Table: the arrow keys move in it" },
};

if (!window.digitscopeNames) {
  window.digitscopeNames = true;
  const name = () => {
    for (const [where, attributes] of Object.entries(ROLES)) {
      const [first] = Object.keys(attributes);
      for (const element of document.querySelectorAll(where)) {
        if (element.hasAttribute(first)) continue;
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      }
    }
  };
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
}

// On a phone the list of pages lies over the page: whoever chose one wants to see it.
const NARROW = 768;

if (!window.digitscopeList) {
  window.digitscopeList = true;
  document.addEventListener("click", ({ target }) => {
    const chose = target.closest?.('[data-testid="stSidebarNavLink"]');
    if (!chose || window.innerWidth > NARROW) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  });
}

export default function () {}
