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
    const hear = message => message.kind === "present" && deck.present();
    model.on("change:place", show);
    model.on("msg:custom", hear);
    let seen = -1;
    const unwatch = watchHome(el, ".nnhelpers-deck", () => {
      const { length } = deck.slides();
      if (length !== seen) show();
      seen = length;
    });
    return () => {
      unwatch();
      model.off("change:place", show);
      model.off("msg:custom", hear);
      deck.leave();
    };
  },
};
