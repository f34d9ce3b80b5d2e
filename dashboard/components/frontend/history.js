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

// Tables are drawn on a canvas, which Streamlit lets the keyboard reach but does not name.
if (!window.digitscopeNames) {
  window.digitscopeNames = true;
  const name = () => {
    for (const canvas of document.querySelectorAll("canvas[tabindex]:not([aria-label])")) {
      canvas.setAttribute("aria-label", "Table: the arrow keys move in it");
    }
  };
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
}

export default function () {}
