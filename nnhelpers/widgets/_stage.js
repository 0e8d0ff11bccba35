// A picture, the bar under it, and full screen: the same in the live panel and in the saved page.

const SECONDS_A_SCENE = 3;

// Pale inks vanish under a projector's lamp: all inks are deepened, white stays white.
const DEEPER = ["R", "G", "B"].map(c => `<feFunc${c} type="gamma" exponent="1.6"/>`).join("");
const STRONG_INKS = `<svg width="0" height="0" style="position:absolute" aria-hidden="true">
  <filter id="nnhelpers-strong" color-interpolation-filters="sRGB">
    <feComponentTransfer>${DEEPER}</feComponentTransfer>
  </filter></svg>`;

// The director says what there is to show: `root()`, the element that goes full screen; `title`;
// `scenes`, each with a name and a caption; `showScene(number)`.
function makeStage(director) {
  const element = document.createElement("div");
  element.className = "nnhelpers-screen";
  element.innerHTML = STRONG_INKS;
  const canvas = element.appendChild(document.createElement("canvas"));
  canvas.setAttribute("role", "img");
  canvas.dataset.frame = "0";
  const bar = element.appendChild(document.createElement("div"));
  bar.className = "nnhelpers-bar";
  let newest = 0;
  let number = -1;
  let clock = null;

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

  function button(label, text, press) {
    const made = bar.appendChild(document.createElement("button"));
    made.type = "button";
    made.textContent = text;
    made.title = label;
    made.setAttribute("aria-label", label);
    made.setAttribute("data-lm-suppress-shortcuts", "true");
    made.addEventListener("click", press);
    return made;
  }

  const hasScenes = director.scenes.length > 0;
  const full = button("Full screen", "Full screen", () => (isPresenting() ? leave() : present()));
  const dark = button("Dark", "Dark", () => {
    const isDark = director.root().classList.toggle("nnhelpers-dark");
    element.classList.toggle("nnhelpers-dark", isDark);
    dark.setAttribute("aria-pressed", String(isDark));
  });
  dark.setAttribute("aria-pressed", "false");
  if (hasScenes) {
    button("Previous scene", "◂", () => step(-1));
    button("Next scene", "▸", () => step(1));
  }
  const player = hasScenes ? button("Play the scenes", "Play", () => (clock ? pause() : play())) : null;
  const caption = bar.appendChild(document.createElement("span"));
  caption.className = "nnhelpers-caption";
  caption.setAttribute("aria-live", "polite");
  tellScene(-1);

  // Says which scene is shown, or none once a control has moved away from it.
  function tellScene(shown) {
    if (shown >= 0) number = shown;
    const scene = director.scenes[shown];
    const many = director.scenes.length;
    caption.textContent = hasScenes ? `${many} scenes` : "";
    if (scene) {
      const name = document.createElement("b");
      name.textContent = scene.name;
      caption.replaceChildren(`${shown + 1} of ${many}`, name, scene.caption);
    }
    caption.dataset.scene = String(shown);
  }

  function go(to) {
    number = Math.min(Math.max(to, 0), director.scenes.length - 1);
    director.showScene(number);
  }

  function step(by) {
    pause();
    if (hasScenes) go(number + by);
  }

  function play() {
    if (!hasScenes) return;
    go(number + 1 < director.scenes.length ? number + 1 : 0);
    clock = setInterval(() => {
      if (number + 1 < director.scenes.length) go(number + 1);
      else pause();
    }, 1000 * SECONDS_A_SCENE);
    tellPlaying();
  }

  function pause() {
    clearInterval(clock);
    clock = null;
    tellPlaying();
  }

  function tellPlaying() {
    if (!player) return;
    player.textContent = clock ? "Pause" : "Play";
    player.setAttribute("aria-label", clock ? "Pause the scenes" : "Play the scenes");
  }

  const isPresenting = () => director.root().classList.contains("nnhelpers-presenting");

  // The panel covers the page from the browser's top layer, so that no notebook can cut it off;
  // the page itself goes full screen where that is allowed.
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
    pause();
    window.removeEventListener("keydown", onKey, true);
    document.removeEventListener("fullscreenchange", onFullscreen);
    root.hidePopover?.();
    root.removeAttribute("popover");
    root.removeAttribute("tabindex");
    root.removeAttribute("data-lm-suppress-shortcuts");
    root.classList.remove("nnhelpers-presenting");
    tellPresenting(false);
    if (document.fullscreenElement) document.exitFullscreen();
    full.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  function tellPresenting(on) {
    full.textContent = on ? "Leave" : "Full screen";
    full.setAttribute("aria-label", on ? "Leave full screen" : "Full screen");
  }

  function onFullscreen() {
    if (!document.fullscreenElement) leave();
  }

  const KEYS = {
    Escape: leave,
    PageDown: () => step(1),
    PageUp: () => step(-1),
    ArrowRight: () => step(1),
    ArrowDown: () => step(1),
    ArrowLeft: () => step(-1),
    ArrowUp: () => step(-1),
    " ": () => (clock ? pause() : play()),
  };

  // A control that has the focus keeps its own keys; a clicker's keys always step.
  function onKey(event) {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    const control = event.target.closest?.("input, select, button, .noUi-handle, [contenteditable]");
    if (control && !["Escape", "PageDown", "PageUp"].includes(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  return { element, canvas, paint, tellScene, present, leave };
}
