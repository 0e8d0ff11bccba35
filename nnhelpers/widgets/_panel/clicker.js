// The live deck's bar and notes, beside its slides (deck.py). Needs stage.js and deck.js.

export default {
  render({ model, el }) {
    const deck = makeDeck({
      root: () => el.closest(".nnhelpers-deck") ?? el,
      stops: model.get("stops"),
      tellPlace(place) {
        model.set("place", place);
        model.save_changes();
      },
    });
    el.appendChild(deck.element);
    const show = () => deck.show(model.get("place"));
    // It may have been asked for before the deck was there to be shown.
    const present = () => {
      if (model.get("answered") === model.get("asked")) return;
      model.set("answered", model.get("asked"));
      model.save_changes();
      deck.present();
    };
    model.on("change:place", show);
    model.on("change:asked", present);
    let seen = -1;
    const unwatch = watchHome(el, ".nnhelpers-deck", () => {
      const { length } = deck.slides();
      if (length === seen) return;
      seen = length;
      show();
      if (length) present();
    });
    return () => {
      unwatch();
      model.off("change:place", show);
      model.off("change:asked", present);
      deck.leave();
    };
  },
};
