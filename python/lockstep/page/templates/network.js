/** A network: its units coloured by what they give or by their error, and how an error comes about. */
class NetworkView {
  constructor(root, sides) {
    this.root = root;
    this.sides = sides;
    this.side = "octave";
    this.what = "units";
    this.example = 0;
    const { layers } = sides.octave;
    this.chosen = layers.length > 2 ? { layer: layers.length - 2, unit: 1 } : null;
    this.choices = make("div", { class: "choices" });
    this.picture = make("div", { class: "layers" });
    this.lesson = make("div", { class: "terms" });
    const wide = make("div", { class: "wide", role: "region", "aria-label": "Units by layer", tabindex: "0" }, this.picture);
    root.append(this.choices, make("div", { class: "lesson" }, wide, this.lesson));
    this.offer();
    this.show();
    new ResizeObserver(() => this.drawWeights()).observe(root);
  }

  /** Offer what can be chosen: activations or errors, the side, the example. */
  offer() {
    const choice = (name, legend, options) => {
      const id = `${name}-${NetworkView.count}`;
      const buttons = options.map(([value, text]) =>
        make("label", {}, make("input", { type: "radio", name: id, value, checked: this[name] === value, onchange: () => this.set(name, value) }), ` ${text}`),
      );
      return make("fieldset", {}, make("legend", {}, legend), ...buttons);
    };
    NetworkView.count += 1;
    this.choices.append(choice("what", "Colour", [["units", "activation"], ["deltas", "delta"]]));
    if (this.sides.port) this.choices.append(choice("side", "Side", [["octave", "Octave"], ["port", "Python"]]));
    const { examples, all_examples: all } = this.sides.octave;
    if (examples > 1) {
      const more = all > examples ? ` (the first ${examples} of ${all})` : "";
      const slider = make("input", { type: "range", min: 0, max: examples - 1, value: 0, oninput: (event) => this.set("example", Number(event.target.value)) });
      this.choices.append(make("label", {}, `Example${more} `, slider));
    }
  }

  set(name, value) {
    this[name] = value;
    this.show();
  }

  get data() {
    return this.sides[this.side];
  }

  /** The value of a unit; the bias has no error. */
  value(layer, unit, what = this.what) {
    const one = this.data.layers[layer];
    if (what === "units") return one.units[this.example][unit];
    return one.deltas && !this.isBias(layer, unit) ? one.deltas[this.example][unit] : null;
  }

  isBias(layer, unit) {
    return this.data.layers[layer].has_bias && unit === 0;
  }

  /** The number of a unit in its layer, from 1, the bias not counted. */
  count(layer, unit) {
    const { places, has_bias: hasBias } = this.data.layers[layer];
    return places[unit] + (hasBias ? 0 : 1);
  }

  show() {
    const { layers } = this.data;
    const values = layers.flatMap((one, i) => one.units[this.example].map((_, j) => this.value(i, j)));
    const known = values.filter((one) => one !== null).map(number).filter(Number.isFinite);
    const range = [Math.min(...known), Math.max(...known)];
    this.picture.replaceChildren(
      make("svg", { "aria-hidden": "true" }),
      ...layers.map((one, i) => {
        const units = one.units[this.example].map((_, j) => this.unit(i, j, range));
        const more = one.count - units.length;
        return make("div", { class: "layer" }, ...units, more > 0 ? make("span", { class: "hint" }, `${units.length} of ${one.count}`) : null);
      }),
    );
    this.drawWeights();
    this.explain();
  }

  unit(layer, unit, range) {
    const value = this.value(layer, unit);
    const isBias = this.isBias(layer, unit);
    const isChosen = this.chosen?.layer === layer && this.chosen.unit === unit;
    const text = value === null ? (isBias ? "bias" : "\u00b7") : String(Number(number(value).toPrecision(3)));
    const name = `Layer ${layer + 1}, ${isBias ? "bias unit" : `unit ${this.count(layer, unit)}`}: ${text}`;
    const made = make("button", { type: "button", class: "unit", "aria-label": name, "aria-pressed": String(isChosen), onclick: () => this.set("chosen", { layer, unit }) }, text);
    if (value !== null) {
      const back = colour(number(value), range);
      made.style.background = `rgb(${back})`;
      const light = 0.299 * back[0] + 0.587 * back[1] + 0.114 * back[2];
      made.style.color = light > 140 ? "#000" : "#fff";
    }
    return made;
  }

  drawWeights() {
    const svg = find("svg", this.picture);
    const columns = findAll(".layer", this.picture).map((one) => findAll(".unit", one));
    const box = this.picture.getBoundingClientRect();
    const lines = [];
    this.data.weights.forEach((matrix, layer) => {
      const most = Math.max(...matrix.flat().map((one) => Math.abs(number(one))).filter(Number.isFinite)) || 1;
      matrix.forEach((row, k) =>
        row.forEach((weight, j) => {
          const [from, to] = [columns[layer][j], columns[layer + 1][k]];
          const part = Math.abs(number(weight)) / most;
          if (!(part >= 0.05)) return; // too thin to be seen, or none
          const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
          lines.push(make("line", { class: number(weight) > 0 ? "positive" : "negative", x1: a.right - box.left, y1: a.top + a.height / 2 - box.top, x2: b.left - box.left, y2: b.top + b.height / 2 - box.top, "stroke-width": (2.5 * part).toFixed(2) }));
        }),
      );
    });
    svg.replaceChildren(...lines);
  }

  /** Show the error of the chosen unit as the weighted sum of those of the next layer. */
  explain() {
    this.lesson.replaceChildren();
    if (!this.chosen) return;
    const { layer, unit } = this.chosen;
    const one = this.data.layers[layer];
    const next = this.data.layers[layer + 1];
    const which = this.isBias(layer, unit) ? "the bias unit" : `unit ${this.count(layer, unit)}`;
    const parts = [make("p", {}, `Layer ${layer + 1}, ${which}: activation ${shown(this.value(layer, unit, "units"))}`)];
    const delta = this.value(layer, unit, "deltas");
    if (!one.sums || this.isBias(layer, unit)) {
      const why = layer === 0 ? "The inputs have no error." : this.isBias(layer, unit) ? "The bias unit's error is dropped." : `Its error is ${shown(delta)}: what it gives, less what it should.`;
      this.lesson.append(...parts, make("p", {}, why));
      return;
    }
    const terms = this.data.weights[layer].map((row, k) => [this.count(layer + 1, k), row[unit], this.value(layer + 1, k, "deltas")]);
    const rows = terms.filter(([, , error]) => error !== null);
    const head = ["unit", "weight", "its delta", "product"].map((text) => make("th", { scope: "col" }, text));
    const cells = rows.map(([k, weight, error]) =>
      make("tr", {}, ...[k, shown(weight), shown(error), String(Number((number(weight) * number(error)).toPrecision(6)))].map((text) => make("td", {}, String(text)))),
    );
    const sum = number(one.sums[this.example][unit]);
    const left = next.count - (next.has_bias ? 1 : 0) - rows.length;
    parts.push(
      make("p", {}, "Its error is the sum of the next layer's, each times the weight that leads there, times the slope:"),
      make("div", { class: "wide", role: "region", "aria-label": "Terms of the sum", tabindex: "0" }, make("table", { class: "numbers" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...cells))),
      left > 0 ? make("p", { class: "hint" }, `and ${left} more terms`) : null,
      make("p", {}, `sum ${shown(Number(sum.toPrecision(6)))}, times the slope ${Number((number(delta) / sum).toPrecision(4))} = delta `, make("b", {}, shown(delta))),
    );
    this.lesson.append(...parts.filter(Boolean));
  }
}
NetworkView.count = 0;
