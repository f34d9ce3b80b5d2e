// Pointers and the wheel on the map: one finger draws or moves, two zoom.
function place(map, event) {
  const box = map.canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function listen(map) {
  const { canvas } = map;
  const on = (name, act, options) => canvas.addEventListener(name, (event) => map.points && act(map, event), options);
  on("wheel", onWheel, { passive: false });
  on("pointerdown", onDown);
  on("pointermove", onMove);
  on("pointerup", onUp);
  on("pointercancel", onUp);
  on("pointerleave", (_, event) => { if (event.pointerType === "mouse") hover(map, -1); });
  on("dblclick", () => openAt(map));
  on("keydown", onKey);
}

// Without the focus the wheel scrolls the page, as it did before it came over the map.
function onWheel(map, event) {
  if (!event.ctrlKey && map.canvas.getRootNode().activeElement !== map.canvas) return;
  event.preventDefault();
  zoom(map, Math.exp(-event.deltaY * (event.deltaMode ? 0.06 : 0.0018)), ...place(map, event));
}

function onDown(map, event) {
  if (event.button > 1) return;
  event.preventDefault();
  map.canvas.focus({ preventScroll: true });
  map.canvas.setPointerCapture(event.pointerId);
  map.pointers.set(event.pointerId, place(map, event));
  const pans = map.data.tool === "Pan" || event.button === 1 || event.shiftKey;
  const start = place(map, event);
  map.drag = { start, kind: pans ? "pan" : map.data.tool === "Box" ? "box" : "lasso", moved: false, trail: [start] };
  if (map.pointers.size > 1) { // two fingers zoom and move; what one had begun to draw is let go
    map.drag.kind = "pinch";
    map.drawing = null;
    choose(map);
  }
}

function onMove(map, event) {
  const now = place(map, event), before = map.pointers.get(event.pointerId);
  if (!before) return hover(map, nearest(map, ...now, NEAR[event.pointerType] ?? 12));
  const drag = map.drag;
  if (drag.kind === "pinch") pinch(map, event.pointerId, now);
  map.pointers.set(event.pointerId, now);
  drag.moved ||= Math.hypot(now[0] - drag.start[0], now[1] - drag.start[1]) > 4;
  if (!drag.moved || drag.kind === "pinch") return;
  hover(map, -1);
  if (drag.kind === "pan") return move(map, (before[0] - now[0]) / map.view.scale, (now[1] - before[1]) / map.view.scale);
  drag.trail.push(now);
  const corners = (drag.kind === "box" ? [drag.start, now] : drag.trail).map((at) => toData(map, ...at));
  map.drawing = { kind: drag.kind, corners };
  redraw(map);
}

function pinch(map, moving, now) {
  const [id, other] = [...map.pointers].find(([id]) => id !== moving) ?? [];
  if (id === undefined) return;
  const before = map.pointers.get(moving);
  const apart = (a) => Math.max(Math.hypot(a[0] - other[0], a[1] - other[1]), 10);
  move(map, (before[0] - now[0]) / 2 / map.view.scale, (now[1] - before[1]) / 2 / map.view.scale);
  zoom(map, apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
}

function onUp(map, event) {
  if (!map.pointers.delete(event.pointerId)) return;
  const { drag } = map;
  if (drag.kind === "pinch" || event.type === "pointercancel") {
    map.drawing = null;
  } else if (!drag.moved) {
    show(map, nearest(map, ...place(map, event), NEAR[event.pointerType] ?? 12));
  } else if (map.drawing) {
    finish(map, drag);
  }
  choose(map);
  redraw(map);
}

// The region is rounded as a link has it, so that what is shown at once is what stays.
function finish(map, drag) {
  const { kind } = map.drawing;
  const screen = kind === "box" ? [drag.start, drag.trail.at(-1)] : simplified(drag.trail, MOST_CORNERS);
  map.drawing = null;
  if (kind === "lasso" && screen.length < 3) return;
  const corners = screen.map((at) => toData(map, ...at).map((value) => Number(value.toPrecision(6))));
  map.data = { ...map.data, region: { kind, corners } };
  map.clear.disabled = false;
  map.tell("drawn", map.data.region);
}
