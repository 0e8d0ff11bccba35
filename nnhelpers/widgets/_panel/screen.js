// The live panel's screen: shows what the kernel sends, and pictures prepared by it at once.
// Needs makeStage of stage.js. A position is the list of the controls' values, the first one first.

/**
 * What the kernel (screen.py) sends as messages: "keep" a prepared picture for a position (its bytes
 * are the first buffer), "forget" one or all, "present" goes full screen. The picture of now comes as
 * traits: `picture`, `alt`, `at`, and last `number`, which counts. What is sent back: "ready" once
 * somebody looks, with the dots a pixel has, and "scene" when one is chosen here.
 * @typedef {{kind: "keep", at: any[], alt: string} | {kind: "forget", at: any[] | null} |
 *   {kind: "present"}} FromKernel
 * @typedef {{kind: "ready", density: number} | {kind: "scene", number: number}} ToKernel
 */

// Pictures around the current position that are kept unpacked, some megabytes each.
const UNPACKED = 8;

// So long the kernel may take to answer before the picture is said to be an old one (ms).
const PATIENCE = 1500;
const OLD = "the picture is of an earlier position: the kernel does not answer, or is busy";

// Of a slider: in ipywidgets 8, and in 7.
const HANDLE = ".noUi-handle, .ui-slider-handle";

const toBlob = view => new Blob([view]);

// One name for one position, however a number was written on the way (film.py names them alike).
const nameOf = at => at.map(v => (typeof v === "number" ? v.toPrecision(9) : JSON.stringify(v))).join("|");

// Without a kernel sending fails; what is prepared works all the same.
function attempt(sending) {
  try {
    sending();
  } catch (error) {
    console.warn(`nnhelpers: ${error.message}`);
  }
}

// The prepared pictures. Unpacking takes longer than painting, so the nearest are kept unpacked.
function makeFilm() {
  const frames = new Map();

  function keep({ at, alt }, view) {
    forget(at);
    frames.set(nameOf(at), { at, alt, blob: toBlob(view) });
  }

  function forget(at) {
    for (const name of at ? [nameOf(at)] : [...frames.keys()]) {
      pack(frames.get(name));
      frames.delete(name);
    }
  }

  function pack(frame) {
    if (!frame?.bitmap) return;
    frame.bitmap.then(bitmap => bitmap.close());
    frame.bitmap = null;
  }

  // Returns the picture of a position, unpacked, or nothing; those around it are unpacked too.
  function find(name) {
    const found = frames.get(name);
    if (!found) return undefined;
    const { at } = found;
    const distance = other => Math.abs(other.at[0] - at[0]) + 1e6 * other.at.slice(1).some((v, i) => v !== at[i + 1]);
    const nearest = [...frames.values()].sort((a, b) => distance(a) - distance(b));
    found.bitmap ??= createImageBitmap(found.blob);
    nearest.slice(0, UNPACKED).forEach(frame => (frame.bitmap ??= createImageBitmap(frame.blob)));
    nearest.slice(2 * UNPACKED).forEach(pack);
    return found;
  }

  return { keep, forget, find, has: name => frames.has(name), size: () => frames.size };
}

// What belongs to the panel, however often it is shown on the page.
async function makePanel(model) {
  const ids = model.get("controls").map(name => name.replace("IPY_MODEL_", ""));
  const controls = await Promise.all(ids.map(id => model.widget_manager.get_model(id)));
  const traits = model.get("watched_traits");
  const film = makeFilm();
  const stages = new Set();
  const here = () => nameOf(controls.map((control, i) => control.get(traits[i])));
  const sceneNames = model.get("scenes").map(scene => nameOf(scene.at));

  function paintKept() {
    const kept = film.find(here());
    for (const { stage } of kept ? stages : []) stage.paint(kept.bitmap, kept.alt, model.get("width"));
    return Boolean(kept);
  }

  function paintSent() {
    judge();
    // Late news about a place that was left: the picture prepared for this place is better.
    if (film.has(here()) && nameOf(model.get("at")) !== here()) return;
    const bitmap = createImageBitmap(toBlob(model.get("picture")));
    const [alt, width] = [model.get("alt"), model.get("width")];
    const painted = [...stages].map(({ stage }) => stage.paint(bitmap, alt, width));
    Promise.all([bitmap, ...painted]).then(([used]) => used.close());
  }

  let patience = null;

  function judge() {
    clearTimeout(patience);
    const mark = words => stages.forEach(({ stage }) => stage.tellOld(words));
    if (film.has(here()) || nameOf(model.get("at")) === here()) mark("");
    else patience = setTimeout(() => mark(OLD), PATIENCE);
  }

  function tell() {
    judge();
    for (const { stage } of stages) {
      stage.tellScene(sceneNames.indexOf(here()));
      stage.canvas.dataset.prepared = String(film.size());
    }
  }

  function onMove() {
    paintKept();
    tell();
  }

  function onMessage(message, buffers) {
    if (message.kind === "keep") {
      film.keep(message, buffers[0]);
      if (nameOf(message.at) === here()) paintKept();
    } else if (message.kind === "forget") {
      film.forget(message.at);
    } else if (message.kind === "present") {
      [...stages].at(-1)?.stage.present();
    }
    tell();
  }

  function showScene(number) {
    const { at } = model.get("scenes")[number];
    attempt(() => model.send({ kind: "scene", number }));
    controls.forEach((control, i) => control.set(traits[i], at[i]));
    // Each says so itself too: then late echoes of earlier scenes are known as such, and ignored.
    controls.forEach(control => attempt(() => control.save_changes()));
  }

  const hear = controls.map((control, i) => [control, `change:${traits[i]}`]);
  for (const [control, event] of hear) control.on(event, onMove);
  model.on("change:number", paintSent);
  model.on("msg:custom", onMessage);
  attempt(() => model.send({ kind: "ready", density: window.devicePixelRatio }));
  const close = () => {
    clearTimeout(patience);
    for (const [control, event] of hear) control.off(event, onMove);
    model.off("change:number", paintSent);
    model.off("msg:custom", onMessage);
  };
  return { stages, showScene, paintKept, paintSent, tell, close };
}

function serveKeyboard(panel) {
  for (const slider of panel.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label");
    if (!label) continue;
    for (const handle of slider.querySelectorAll(HANDLE)) {
      handle.setAttribute("aria-label", label.textContent);
    }
    for (const number of slider.querySelectorAll("[contenteditable]")) {
      number.setAttribute("role", "textbox");
      number.setAttribute("aria-label", `${label.textContent}, to type`);
    }
  }
  panel.querySelector(".nnhelpers-message")?.setAttribute("role", "status");
  // Otherwise the notebook takes the arrow keys for itself.
  for (const control of panel.querySelectorAll(`${HANDLE}, select, button`)) {
    control.setAttribute("data-lm-suppress-shortcuts", "true");
  }
}

function showPanel(panel, model, el) {
  const root = () => el.closest(".nnhelpers-panel") ?? el;
  const stage = makeStage({
    root,
    title: model.get("title"),
    scenes: model.get("scenes"),
    showScene: panel.showScene,
  });
  el.appendChild(stage.element);
  const mine = { stage };
  panel.stages.add(mine);
  if (!panel.paintKept()) panel.paintSent();
  panel.tell();

  const unwatch = watchHome(el, ".nnhelpers-panel", serveKeyboard);
  return () => {
    unwatch();
    panel.stages.delete(mine);
    stage.leave();
  };
}

export default () => {
  let panel;
  return {
    async initialize({ model }) {
      panel = await makePanel(model);
      return panel.close;
    },
    render: ({ model, el }) => showPanel(panel, model, el),
  };
};
