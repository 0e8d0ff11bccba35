// A page of panels without a kernel: every picture is in the page, the sliders choose among them.
// Needs makeStage of stage.js, and the panels' data as JSON in the page (pages.py).

function decoded(text) {
  return new Blob([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))], { type: "image/webp" });
}

function makeControl(control, move) {
  const label = document.createElement("label");
  label.append(control.label);
  const { isList, isSwitch } = control;
  const input = label.appendChild(document.createElement(isList ? "select" : "input"));
  if (isList) {
    control.positions.forEach((text, i) => input.add(new Option(text, i)));
  } else if (isSwitch) {
    input.type = "checkbox";
  } else {
    Object.assign(input, { type: "range", min: 0, max: control.positions.length - 1, step: 1 });
  }
  const readout = isList || isSwitch ? null : label.appendChild(document.createElement("output"));
  if (control.positions.length === 1) label.style.display = "none";  // such as what could be typed
  const on = control.positions.indexOf("True");
  input.addEventListener("input", () => move(isSwitch ? Number(input.checked) : Number(input.value)));
  return {
    element: label,
    set(place) {
      if (isSwitch) input.checked = place === on;
      else input.value = place;
      if (!readout) return;
      readout.textContent = control.positions[place];
      input.setAttribute("aria-valuetext", control.positions[place]);
    },
  };
}

function showPage(section, data) {
  const frames = new Map(data.frames.map(frame => [frame.at.join(), frame]));
  let at = data.start;
  const stage = makeStage({
    root: () => section,
    title: data.title,
    scenes: data.scenes,
    showScene: number => go(data.scenes[number].at),
  });
  const box = section.appendChild(document.createElement("div"));
  box.className = "nnhelpers-controls";
  const controls = data.controls.map((control, i) =>
    makeControl(control, place => go(at.map((old, k) => (k === i + 1 ? place : old)))));
  controls.forEach(control => box.appendChild(control.element));
  const fixed = box.appendChild(document.createElement("span"));
  section.appendChild(stage.element);
  const missing = section.appendChild(document.createElement("p"));
  missing.className = "nnhelpers-missing";
  missing.setAttribute("role", "status");
  missing.textContent = data.missing;

  // Where there is no picture, the controls go back.
  function go(to) {
    if (frames.has(to.join())) at = to;
    const frame = frames.get(at.join());
    controls.forEach((control, i) => control.set(at[i + 1]));
    fixed.textContent = data.contexts[at[0]];
    stage.tellScene(data.scenes.findIndex(scene => scene.at.join() === at.join()));
    frame.blob ??= decoded(frame.picture);
    const bitmap = createImageBitmap(frame.blob);
    Promise.all([bitmap, stage.paint(bitmap, frame.alt, data.width)]).then(([used]) => used.close());
  }

  go(at);
}

const panels = JSON.parse(document.getElementById("panels").textContent);
document.querySelectorAll(".nnhelpers-panel").forEach((section, i) => showPage(section, panels[i]));
