// What is live on a page: panels and decks from prepared pictures, bets, words, code to copy.
// Needs panels.js (stage.js, page.js and deck.js of the package).

const live = JSON.parse(document.getElementById("live").textContent);

// Calls once when an element is about to come into view.
function whenNear(element, come) {
  const observer = new IntersectionObserver(seen => {
    if (!seen.some(each => each.isIntersecting)) return;
    observer.disconnect();
    come();
  }, { rootMargin: "400px" });
  observer.observe(element);
}

// Its room is kept from the start; a picture comes when it is near, the next ones once it is moved.
function makePanel(section, data) {
  const panel = showPage(section, data);
  panel.canvas.width = data.width;
  panel.canvas.height = data.height;
  panel.canvas.style.width = `${data.width}px`;
  panel.canvas.setAttribute("aria-label", data.title);
  whenNear(section, panel.paint);
  section.addEventListener("input", panel.prepare, { once: true });
}

function makeSlides(root, data) {
  const sections = root.querySelectorAll(":scope > .nnhelpers-panel");
  whenNear(root, () => {
    data.slides.forEach((slide, i) => makePanel(sections[i], slide));
    showDeck(data.stops, root);
  });
}

const percent = share => `${Math.round(100 * share)}%`;
const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function add(parent, tag, text = "") {
  const made = parent.appendChild(document.createElement(tag));
  made.textContent = text;
  return made;
}

// The bets of this page, in their order.
const bets = [];

function makeBet(section, data) {
  const bet = { data, answer: data.start, sure: data.startSure, revealed: false };
  bets.push(bet);
  const form = add(section, "fieldset");
  add(form, "legend", data.question);
  const box = add(form, "div");
  box.className = "nnhelpers-controls";
  const words = data.answers.map(answer => answer.cells[0]);
  const controls = [
    makeControl({ label: "your bet", positions: words, isList: data.isList }, place => move("answer", place)),
    makeControl({ label: "how sure", positions: data.sure.map(percent) }, place => move("sure", place)),
  ];
  controls.forEach(control => box.append(control.element));
  const button = add(box, "button", "Reveal");
  button.type = "button";
  button.addEventListener("click", reveal);
  const told = add(form, "p");
  told.setAttribute("role", "status");
  tell();

  function move(what, place) {
    bet[what] = place;
    tell();
  }

  function tell() {
    controls[0].set(bet.answer);
    controls[1].set(bet.sure);
  }

  function reveal() {
    const answer = data.answers[bet.answer];
    bet.revealed = true;
    form.querySelectorAll("input, select").forEach(input => (input.disabled = true));
    button.remove();
    told.textContent = `Your bet: ${answer.cells[0]}, ${percent(data.sure[bet.sure])} sure; ${answer.words}.`;
    told.tabIndex = -1;
    told.focus();
    const picture = add(form, "img");
    Object.assign(picture, { src: answer.src, alt: told.textContent, width: data.width, height: data.height });
    document.querySelectorAll(".tally").forEach(showTally);
  }
}

const mean = numbers => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// The same sentences as Tally.summary of the package.
function summary() {
  const placed = bets.filter(bet => bet.revealed);
  if (placed.length === 0) return `no bet has been revealed yet, of ${bets.length}`;
  const sure = placed.map(({ data, sure }) => data.sure[sure]);
  const answers = placed.map(({ data, answer }) => data.answers[answer]);
  const hits = answers.map(({ hit }) => Number(hit));
  const number = hits.filter(Boolean).length;
  const of = counted(placed.length, "bet");
  const gap = mean(hits) - mean(sure);
  const doubt = Math.sqrt(sure.reduce((sum, s) => sum + s * (1 - s), 0)) / placed.length;
  const told = [`${of} of yours: ${counted(number, "hit")} (${percent(mean(hits))}), ${percent(mean(sure))} sure on average`];
  if (Math.abs(gap) <= 2 * doubt) told.push(`neither over- nor under-confident as far as ${of} can tell`);
  else told.push(`${gap < 0 ? "over" : "under"}-confident by ${Math.round(100 * Math.abs(gap))} points`);
  const off = answers.map(answer => answer.off).filter(distance => distance !== null);
  if (off.length) told.push(`on average off by ${mean(off).toFixed(1)} times what still counts as a hit`);
  const brier = mean(sure.map((s, i) => (s - hits[i]) ** 2)).toFixed(2);
  told.push(`Brier score ${brier} (0 is best; half sure of everything scores 0.25)`);
  if (placed.length < bets.length) told.push(`${bets.length - placed.length} not revealed`);
  return told.join("; ");
}

function showTally(section) {
  section.replaceChildren();
  const placed = bets.filter(bet => bet.revealed);
  if (placed.length) {
    const table = add(section, "table");
    const head = add(add(table, "thead"), "tr");
    placed[0].data.columns.forEach(name => (add(head, "th", name).scope = "col"));
    const body = add(table, "tbody");
    for (const { data, answer, sure } of placed) {
      const [bet, truth, off, , hit] = data.answers[answer].cells;
      const row = add(body, "tr");
      [data.question, bet, truth, off, percent(data.sure[sure]), hit].forEach(words => add(row, "td", words));
    }
  }
  add(section, "p", summary());
}

// The meaning of a word under it, on hover and focus; Escape takes it away.
function explain(link) {
  const meaning = document.getElementById(link.getAttribute("aria-describedby"));
  let leaving = null;

  function show() {
    clearTimeout(leaving);
    document.querySelectorAll(".meaning").forEach(other => (other.hidden = other !== meaning));
    const box = link.getBoundingClientRect();
    const right = document.documentElement.clientWidth - meaning.offsetWidth - 8;
    meaning.style.left = `${scrollX + Math.max(8, Math.min(box.left, right))}px`;
    meaning.style.top = `${scrollY + box.bottom + 2}px`;
  }

  const hide = () => (meaning.hidden = true);
  const leave = () => (leaving = setTimeout(hide, 200));
  link.addEventListener("focus", show);
  link.addEventListener("blur", hide);
  for (const element of [link, meaning]) {
    element.addEventListener("pointerenter", element === link ? show : () => clearTimeout(leaving));
    element.addEventListener("pointerleave", leave);
  }
  document.addEventListener("keydown", event => event.key === "Escape" && hide());
}

function letCopy(block, number) {
  const button = add(block, "button", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy code ${number + 1}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}

const MAKE = { panel: makePanel, bet: makeBet, deck: makeSlides };
for (const section of document.querySelectorAll("[data-live]")) {
  const data = live[section.dataset.live];
  MAKE[data.kind](section, data);
}
document.querySelectorAll("a.term").forEach(explain);
document.querySelectorAll(".code").forEach(letCopy);
// On paper the code is not folded.
addEventListener("beforeprint", () => document.querySelectorAll(".code details").forEach(code => (code.open = true)));
