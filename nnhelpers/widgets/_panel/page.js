// Panels without a kernel: every picture is there, the sliders choose among them.
// Needs makeStage of stage.js, and a panel's data (gallery.py). A picture is part of the page, or a
// file beside it, which is loaded when it is wanted.

function unpacked(frame) {
  if (frame.src) return (frame.image ??= loaded(frame.src));
  frame.blob ??= decoded(frame.picture);
  return createImageBitmap(frame.blob);
}

async function loaded(src) {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
}

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
    tell();
    paint();
  }

  function tell() {
    controls.forEach((control, i) => control.set(at[i + 1]));
    fixed.textContent = data.contexts[at[0]];
    stage.tellScene(data.scenes.findIndex(scene => scene.at.join() === at.join()));
  }

  function paint() {
    const frame = frames.get(at.join());
    const bitmap = unpacked(frame);
    const painted = Promise.all([bitmap, stage.paint(bitmap, frame.alt, data.width)]);
    painted.then(([used]) => {
      stage.tellOld("");
      used.close?.();
    }, () => {
      frame.image = null;
      stage.tellOld("the picture of this position could not be loaded");
    });
  }

  // Unpacks where the first control leads from here, the nearest first.
  function prepare() {
    const onTheWay = data.frames.filter(frame => frame.at.every((place, i) => i === 1 || place === at[i]));
    onTheWay.sort((a, b) => Math.abs(a.at[1] - at[1]) - Math.abs(b.at[1] - at[1]));
    onTheWay.forEach(frame => unpacked(frame).catch(() => (frame.image = null)));
  }

  tell();
  return { canvas: stage.canvas, paint, prepare };
}

function showPanels() {
  const panels = JSON.parse(document.getElementById("panels").textContent);
  document.querySelectorAll(".nnhelpers-panel").forEach((section, i) => showPage(section, panels[i]).paint());
}
