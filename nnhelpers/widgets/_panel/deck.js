// Slides under one clicker: which one is shown, the time, and the notes. The slides are the panels in
// the deck's element; a stop is a slide at a scene (deck.py). Needs stage.js.

/** @typedef {{slide: number, scene: ?number, title: string, name: string,
 *   notes: string, count: string}} Stop */

const minutes = seconds => [seconds / 60, seconds % 60].map(n => String(Math.floor(n)).padStart(2, "0")).join(":");

/** @param {{root: () => HTMLElement, stops: Stop[], tellPlace: (place: number) => void}} deck */
function makeDeck({ root, stops, tellPlace }) {
  const element = document.createElement("div");
  element.className = "nnhelpers-clicker";
  const bar = element.appendChild(document.createElement("div"));
  bar.className = "nnhelpers-bar";
  let place = 0;
  const director = {
    root,
    get title() { return stops[place].title; },
    scenes: stops.map(({ name, count }) => ({ name, caption: "", count })),
    steps: "slide",
    showScene: go,
  };
  const presenter = makePresenter(director, element, bar, () => player);
  addDark(director, element, bar);
  const player = makePlayer(director, bar);
  const time = bar.appendChild(document.createElement("span"));
  time.setAttribute("role", "timer");
  time.setAttribute("aria-label", "time since the beginning");
  const notes = makeNotes(element, presenter.onKey);
  const slides = () => [...root().querySelectorAll(":scope > .nnhelpers-panel")];

  // From the first time on that the deck fills the screen.
  let began = null;
  function tick() {
    if (root().classList.contains("nnhelpers-presenting")) began ??= Date.now();
    time.textContent = minutes(began ? (Date.now() - began) / 1000 : 0);
    notes.head.textContent = `${stops[place].count} · ${time.textContent} · ${stops[place].name}`;
  }
  const clock = setInterval(tick, 500);

  function show(number = place) {
    place = number;
    const stop = stops[place];
    slides().forEach((slide, i) => slide.classList.toggle("nnhelpers-aside", i !== stop.slide));
    root().dataset.title = stop.title;
    // The focus must not stay on what has gone.
    if (document.activeElement?.closest(".nnhelpers-aside")) root().focus({ preventScroll: true });
    notes.text.textContent = stop.notes;
    const next = stops[place + 1];
    notes.next.textContent = next ? `Next: ${next.name}\n${next.notes}` : "The last slide.";
    player.tellScene(place);
    tick();
  }

  function go(number) {
    show(number);
    const { slide, scene } = stops[place];
    if (scene !== null) slides()[slide]?.querySelector(".nnhelpers-screen")?.showScene(scene);
    tellPlace(place);
  }

  function leave() {
    clearInterval(clock);
    notes.close();
    presenter.leave();
  }

  return { element, slides, show, present: presenter.present, leave };
}

// The notes stand under the deck, or in a window of their own, where the clicker works too.
function makeNotes(element, onKey) {
  const home = element.appendChild(document.createElement("div"));
  home.className = "nnhelpers-notes";
  addButton(home, "Notes in a window of their own", "Notes in a window", apart);
  const notes = home.appendChild(document.createElement("section"));
  notes.setAttribute("aria-label", "Notes");
  const [head, text, next] = ["b", "p", "i"].map(tag => notes.appendChild(document.createElement(tag)));
  for (const each of [text, next]) each.style.whiteSpace = "pre-wrap";
  let other = null;

  function apart() {
    close();
    other = window.open("", "", "popup,width=640,height=480");
    if (!other) return;
    other.document.title = "Notes";
    other.document.documentElement.lang = "en";
    other.document.body.style.font = "24px/1.4 system-ui, sans-serif";
    other.document.body.append(notes);
    other.addEventListener("keydown", onKey, true);
    other.addEventListener("pagehide", () => home.append(notes));
    window.addEventListener("pagehide", close);
  }

  function close() {
    other?.close();
  }

  return { head, text, next, close };
}

// In a page without a kernel, whose panels are there already.
function showDeck(stops, root = document.querySelector(".nnhelpers-deck")) {
  const deck = makeDeck({ root: () => root, stops, tellPlace: () => {} });
  root.append(deck.element);
  const { slide, scene } = stops[0];
  if (scene !== null) root.querySelectorAll(".nnhelpers-screen")[slide].showScene(scene);
  deck.show();
}
