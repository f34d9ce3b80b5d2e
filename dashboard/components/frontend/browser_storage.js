// Keeps marks for the next visit, and lets the browser ask before a page is left that loses more.
// The decisions on labels are kept by the label review; here they are only told, when a visit begins.
const ALL = "digitscope "; // begins the name of whatever this product keeps
const MARKS = ALL + "marks ";
const LABELS = ALL + "labels ";
const written = new Map();
let asked;
let forgot = 0;

if (!("digitscopeLoses" in window)) {
  window.addEventListener("beforeunload", (event) => {
    if (window.digitscopeLoses) event.preventDefault();
  });
}
window.digitscopeLoses = false;

export default function ({ data, setStateValue }) {
  window.digitscopeLoses = data.loses;
  try {
    if (asked !== data.visit) tellWhatIsKept(data.most, setStateValue);
    if (asked !== data.visit) forgot = 0;
    asked = data.visit;
    if (data.forget > forgot) forgetAll();
    forgot = data.forget;
    for (const [name, text] of Object.entries(data.keep)) keep(name, text);
  } catch {
    // A browser may refuse its storage: then nothing is kept, and the marks can be downloaded.
  }
}

function tellWhatIsKept(most, setStateValue) {
  const kept = {};
  let left = most;
  for (const prefix of [MARKS, LABELS]) {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
      const text = localStorage.getItem(key);
      left -= key.length + text.length;
      if (left >= 0) kept[key.slice(ALL.length)] = text;
    }
  }
  if (Object.keys(kept).length) setStateValue("kept", kept);
}

function keep(name, text) {
  if (written.get(name) === text) return;
  written.set(name, text);
  if (text) localStorage.setItem(MARKS + name, text);
  else localStorage.removeItem(MARKS + name);
}

function forgetAll() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(ALL));
  for (const key of keys) localStorage.removeItem(key);
  written.clear();
}
