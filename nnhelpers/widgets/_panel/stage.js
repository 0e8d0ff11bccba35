// A picture, the bar under it, and full screen: the same in the live panel and in the saved page.
// Gives makeStage(director); needs no other file.

/**
 * Who knows what there is to show.
 * @typedef {object} Director
 * @property {() => HTMLElement} root the element that goes full screen
 * @property {string} title
 * @property {{name: string, caption: string, count?: string}[]} scenes
 * @property {string} [steps] what the scenes are called
 * @property {(number: number) => void} showScene
 */

const SECONDS_A_SCENE = 3;

// Pale colors vanish under a projector's lamp: all colors are deepened, white stays white.
const DEEPER = ["R", "G", "B"].map(c => `<feFunc${c} type="gamma" exponent="1.6"/>`).join("");
const STRONG_COLORS = `<svg class="nnhelpers-colors" width="0" height="0" aria-hidden="true">
  <filter id="nnhelpers-strong" color-interpolation-filters="sRGB">
    <feComponentTransfer>${DEEPER}</feComponentTransfer>
  </filter></svg>`;

/** @param {Director} director */
function makeStage(director) {
  const element = document.createElement("div");
  element.className = "nnhelpers-screen";
  element.innerHTML = STRONG_COLORS;
  element.showScene = director.showScene;  // for a deck
  const { canvas, paint } = makePicture(element);
  const bar = element.appendChild(document.createElement("div"));
  bar.className = "nnhelpers-bar";
  const presenter = makePresenter(director, element, bar, () => player);
  addDark(director, element, bar);
  const player = makePlayer(director, bar);
  const old = element.appendChild(document.createElement("div"));
  old.className = "nnhelpers-old";
  old.setAttribute("role", "status");
  const tellOld = words => {
    old.textContent = words;
    canvas.classList.toggle("nnhelpers-faded", words !== "");
  };
  return { element, canvas, paint, tellOld, tellScene: player.tellScene, present: presenter.present, leave: presenter.leave };
}

function makePicture(element) {
  const canvas = element.appendChild(document.createElement("canvas"));
  canvas.setAttribute("role", "img");
  canvas.dataset.frame = "0";
  let newest = 0;

  // Paints a picture that may still be on its way, unless a newer one has come.
  async function paint(coming, alt, width) {
    const mine = ++newest;
    const bitmap = await coming;
    if (mine !== newest || bitmap.width === 0) return;
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.style.width = `${width}px`;
    }
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    // A sharper picture of the same situation is no news.
    if (canvas.getAttribute("aria-label") === alt) return;
    canvas.setAttribute("aria-label", alt);
    canvas.dataset.frame = String(Number(canvas.dataset.frame) + 1);
  }

  return { canvas, paint };
}

function addButton(bar, label, text, press) {
  const made = bar.appendChild(document.createElement("button"));
  made.type = "button";
  made.textContent = text;
  made.title = label;
  made.setAttribute("aria-label", label);
  made.setAttribute("data-lm-suppress-shortcuts", "true");
  made.addEventListener("click", press);
  return made;
}

function addDark(director, element, bar) {
  const dark = addButton(bar, "Dark", "Dark", () => {
    const isDark = director.root().classList.toggle("nnhelpers-dark");
    element.classList.toggle("nnhelpers-dark", isDark);
    dark.setAttribute("aria-pressed", String(isDark));
  });
  dark.setAttribute("aria-pressed", "false");
}

// The scenes: steps through them, plays them, and says which one is shown.
function makePlayer(director, bar) {
  const { scenes, steps = "scene" } = director;
  let number = -1;
  let clock = null;
  let button = null;
  if (scenes.length > 0) {
    addButton(bar, `Previous ${steps}`, "◂", () => step(-1));
    addButton(bar, `Next ${steps}`, "▸", () => step(1));
    button = addButton(bar, `Play the ${steps}s`, "Play", toggle);
  }
  const caption = bar.appendChild(document.createElement("span"));
  caption.className = "nnhelpers-caption";
  caption.setAttribute("aria-live", "polite");
  tellScene(-1);

  // Shows no scene once a control has moved away from it.
  function tellScene(shown) {
    if (shown >= 0) number = shown;
    caption.textContent = scenes.length > 0 ? `${scenes.length} ${steps}s` : "";
    if (scenes[shown]) {
      const name = document.createElement("b");
      name.textContent = scenes[shown].name;
      const count = document.createElement("span");
      count.className = "nnhelpers-count";
      count.textContent = scenes[shown].count ?? `${shown + 1} of ${scenes.length}`;
      caption.replaceChildren(count, name, scenes[shown].caption);
    }
    caption.dataset.scene = String(shown);
  }

  function go(to) {
    number = Math.min(Math.max(to, 0), scenes.length - 1);
    director.showScene(number);
  }

  function step(by) {
    pause();
    if (button) go(number + by);
  }

  function toggle() {
    if (clock || !button) return pause();
    go(number + 1 < scenes.length ? number + 1 : 0);
    clock = setInterval(() => (number + 1 < scenes.length ? go(number + 1) : pause()), 1000 * SECONDS_A_SCENE);
    tellPlaying();
  }

  function pause() {
    clearInterval(clock);
    clock = null;
    tellPlaying();
  }

  function tellPlaying() {
    if (!button) return;
    button.textContent = clock ? "Pause" : "Play";
    button.setAttribute("aria-label", clock ? `Pause the ${steps}s` : `Play the ${steps}s`);
  }

  return { tellScene, step, toggle, pause };
}

// Full screen. The panel covers the page from the browser's top layer, so that no notebook can cut
// it off; the page itself goes full screen where that is allowed.
function makePresenter(director, element, bar, player) {
  const button = addButton(bar, "Full screen", "Full screen", () => (isPresenting() ? leave() : present()));
  const isPresenting = () => director.root().classList.contains("nnhelpers-presenting");

  async function present() {
    const root = director.root();
    if (isPresenting()) return;
    const wasFull = Boolean(document.fullscreenElement);
    if (!wasFull) await document.documentElement.requestFullscreen?.().catch(() => {});
    root.classList.add("nnhelpers-presenting");
    root.dataset.title = director.title;
    root.setAttribute("popover", "manual");
    root.setAttribute("tabindex", "-1");
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    root.showPopover?.();
    root.focus({ preventScroll: true });
    tellPresenting(true);
    window.addEventListener("keydown", onKey, true);
    document.addEventListener("fullscreenchange", onFullscreen);
  }

  function leave() {
    const root = director.root();
    if (!isPresenting()) return;
    player().pause();
    window.removeEventListener("keydown", onKey, true);
    document.removeEventListener("fullscreenchange", onFullscreen);
    root.hidePopover?.();
    for (const name of ["popover", "tabindex", "data-lm-suppress-shortcuts"]) root.removeAttribute(name);
    root.classList.remove("nnhelpers-presenting");
    tellPresenting(false);
    if (document.fullscreenElement) document.exitFullscreen();
    button.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  function tellPresenting(on) {
    button.textContent = on ? "Leave" : "Full screen";
    button.setAttribute("aria-label", on ? "Leave full screen" : "Full screen");
  }

  function onFullscreen() {
    if (!document.fullscreenElement) leave();
  }

  const STEPS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  // A control that has the focus keeps its own keys; a clicker's keys always step.
  function onKey(event) {
    const ours = event.key in STEPS || event.key === "Escape" || event.key === " ";
    if (!ours || event.ctrlKey || event.altKey || event.metaKey) return;
    const control = event.target.closest?.("input, textarea, select, button, .noUi-handle, .ui-slider-handle, [contenteditable]");
    if (control && !["Escape", "PageDown", "PageUp"].includes(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Escape") leave();
    else if (event.key === " ") player().toggle();
    else player().step(STEPS[event.key]);
  }

  return { present, leave, onKey };
}

// Calls back whenever the parts of what `el` belongs to change: it joins that later than it is made.
function watchHome(el, selector, onChange) {
  const changes = { childList: true, subtree: true };
  let home = document.body;
  const observer = new MutationObserver(() => {
    const found = el.closest(selector);
    if (home === document.body && found) {
      home = found;
      observer.disconnect();
      observer.observe(home, changes);
    }
    if (home !== document.body) onChange(home);
  });
  observer.observe(home, changes);
  return () => observer.disconnect();
}
