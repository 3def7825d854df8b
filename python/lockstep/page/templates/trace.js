/** One trace: the slider, the lines, the variables, the value, and where it comes from. */
class Trace {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.slider = find(".player input", root);
    this.origins = new Origins(find(".origins", root), data.graphs);
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    find(".back", root).addEventListener("click", () => this.go(this.place - 1));
    find(".forth", root).addEventListener("click", () => this.go(this.place + 1));
    find(".wrong", root).addEventListener("click", () => this.goToDifference());
    find(".wrong", root).disabled = !data.steps.some((step) => step.relation === "different");
    this.go(data.first, true);
  }

  /** What a side did in a step; undefined where it did nothing. */
  site(step, side) {
    const node = this.data.graphs[side].nodes[step.nodes[side === "octave" ? 0 : 1]];
    return node && this.data.graphs[side].sites[node[0]];
  }

  value(step, side) {
    const graph = this.data.graphs[side];
    const node = graph.nodes[step.nodes[side === "octave" ? 0 : 1]];
    return node ? graph.values[node[1]] : "";
  }

  name(step) {
    const names = ["octave", "port"].map((side) => this.site(step, side)?.name).filter(Boolean);
    return [...new Set(names)].join(" \u2194 ");
  }

  go(place, isFirst = false) {
    const { steps } = this.data;
    this.place = Math.min(Math.max(place, 0), steps.length - 1);
    this.slider.value = this.place;
    const step = steps[this.place];
    const lines = ["octave", "port"].map((side) => {
      const site = this.site(step, side);
      return site ? `${side === "octave" ? "Octave" : "Python"} line ${site.lines[0]}` : null;
    });
    const where = lines.filter(Boolean).join(", ");
    const said = step.text ? `: ${step.text}` : "";
    const text = `Step ${this.data.start + this.place + 1} of ${this.data.count}; ${where}${said}`;
    this.slider.setAttribute("aria-valuetext", text);
    find(".now", this.root).textContent = text;
    this.markLines(step, isFirst);
    this.showVariables();
    this.choose(this.place);
  }

  goToDifference() {
    const { steps } = this.data;
    for (let i = 1; i <= steps.length; i++) {
      const place = (this.place + i) % steps.length;
      if (steps[place].relation === "different") return this.go(place);
    }
  }

  markLines(step, isFirst) {
    for (const cell of findAll(".cell.current", this.root)) cell.classList.remove("current");
    let first = null;
    for (const side of ["octave", "port"]) {
      const site = this.site(step, side);
      if (!site || site.program < 0) continue;
      const program = findAll(".program", this.root)[site.program];
      for (let line = site.lines[0]; line <= site.lines[1]; line++) {
        const cell = find(`[data-${side}="${line}"]`, program);
        cell?.classList.add("current");
        first ??= cell;
      }
    }
    const code = find(".code", this.root);
    if (!first) return;
    const [box, line] = [code.getBoundingClientRect(), first.getBoundingClientRect()];
    if (isFirst || line.top < box.top + 40 || line.bottom > box.bottom - 20) {
      code.scrollTop += line.top - box.top - box.height / 3;
    }
  }

  /** The variables of the function that a step is in, each as it was given its value last. */
  showVariables() {
    const { steps } = this.data;
    const here = ["octave", "port"].map((side) => this.site(steps[this.place], side)?.function);
    const latest = new Map();
    for (let i = 0; i <= this.place; i++) {
      const name = this.name(steps[i]);
      const isHere = ["octave", "port"].some((side, j) => here[j] && this.site(steps[i], side)?.function === here[j]);
      if (name && isHere) {
        latest.delete(name);
        latest.set(name, i);
      }
    }
    const rows = [...latest].reverse().map(([name, i]) => this.variable(name, i));
    const head = ["Variable", "Octave", "Python", ""].map((one) => make("th", { scope: "col" }, one || make("span", { class: "hint" }, "relation")));
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
    find(".variables", this.root).replaceChildren(table);
  }

  variable(name, place) {
    const step = this.data.steps[place];
    const word = { same: "same", different: "different", alone: "alone", not_compared: "not compared" }[step.relation] ?? "agrees";
    const kind = { same: "agrees", agrees: "agrees", different: "different", alone: "alone" }[word] ?? "";
    return make(
      "tr",
      { class: place === this.place ? "fresh" : null, "data-place": place },
      make("th", { scope: "row" }, make("button", { type: "button", onclick: () => this.choose(place) }, name)),
      make("td", {}, make("code", {}, this.value(step, "octave"))),
      make("td", {}, make("code", {}, this.value(step, "port"))),
      make("td", {}, make("span", { class: `badge ${kind}` }, word)),
    );
  }

  /** Show the value of a step, and where it comes from. */
  choose(place) {
    const step = this.data.steps[place];
    for (const row of findAll(".variables tr", this.root)) row.classList.toggle("chosen", row.dataset.place === String(place));
    const what = this.name(step) || "Value";
    const size = step.picture ? `, ${step.picture.size} ${step.picture.class}` : "";
    find(".shown-name", this.root).textContent = `${what}${size}${step.text ? ` \u2014 ${step.text}` : ""}`;
    find(".picture", this.root).replaceChildren(...draw(step));
    this.origins.start(...step.nodes);
  }
}

setUpTable();
const read = (root) => JSON.parse(document.getElementById(root.dataset.trace).textContent);
for (const root of findAll(".trace")) new Trace(root, read(root));
for (const root of findAll(".network")) {
  const { sides } = read(root).networks[root.dataset.network];
  if (sides.octave) new NetworkView(find(".picture-of-network", root), sides);
}
