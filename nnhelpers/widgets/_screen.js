// Shows a picture that the kernel sends, without flicker, and makes the panel's controls usable
// from the keyboard and readable aloud.

function serveKeyboard(panel) {
  for (const slider of panel.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label");
    for (const handle of slider.querySelectorAll(".noUi-handle")) {
      if (label) handle.setAttribute("aria-label", label.textContent);
    }
  }
  // Otherwise the notebook takes the arrow keys for itself.
  for (const control of panel.querySelectorAll(".noUi-handle, select")) {
    control.setAttribute("data-lm-suppress-shortcuts", "true");
  }
}

function render({ model, el }) {
  el.classList.add("nnhelpers-screen");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.style.maxWidth = "100%";
  canvas.dataset.frame = "0";
  el.appendChild(canvas);
  let newest = 0;

  async function show() {
    const mine = ++newest;
    const bytes = model.get("picture");
    const bitmap = await createImageBitmap(new Blob([bytes]));
    if (mine !== newest) return;
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.style.width = `${model.get("width")}px`;
    }
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.setAttribute("aria-label", model.get("alt"));
    canvas.dataset.frame = String(Number(canvas.dataset.frame) + 1);
  }

  model.on("change:picture", show);
  show();

  const observer = new MutationObserver(() => {
    const panel = el.closest(".nnhelpers-panel");
    if (panel) serveKeyboard(panel);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    model.off("change:picture", show);
  };
}

export default { render };
