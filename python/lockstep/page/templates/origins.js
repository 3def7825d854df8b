const LEVELS = 3; // how many steps back a graph goes
const WIDEST = 8; // values of one level that are shown

/** Where values come from: a graph of each side, and the way that led to what is shown. */
class Origins {
  constructor(root, graphs) {
    this.root = root;
    this.graphs = graphs;
    this.way = [];
    new ResizeObserver(() => this.drawEdges()).observe(root);
  }

  /** Start anew at a value of each side; -1 where a side has none. */
  start(octave, port) {
    this.way = [{ octave, port }];
    this.show();
  }

  /** Go on to a value of one side, and to its counterpart on the other. */
  go(side, node) {
    const twin = this.graphs[side].nodes[node][5];
    const other = side === "octave" ? "port" : "octave";
    const there = this.graphs[other].nodes[twin] ? twin : -1;
    this.way.push({ [side]: Number(node), [other]: there });
    this.show();
    find(".node.focus", find(`.graph.${side}`, this.root))?.focus();
  }

  label(side, node) {
    const [site] = this.graphs[side].nodes[node];
    const { name, text } = this.graphs[side].sites[site];
    return name || text;
  }

  show() {
    const { octave, port } = this.way.at(-1);
    const path = find(".path", this.root);
    path.replaceChildren(
      ...this.way.slice(0, -1).map((stop, i) => {
        const side = stop.octave >= 0 ? "octave" : "port";
        const text = `\u2190 ${this.label(side, stop[side])}`;
        return make("button", { type: "button", onclick: () => this.back(i) }, text);
      }),
    );
    const names = [["octave", "Octave", octave], ["port", "Python", port]];
    find(".graphs", this.root).replaceChildren(...names.map((one) => this.graph(...one)));
    this.drawEdges();
  }

  back(place) {
    this.way = this.way.slice(0, place + 1);
    this.show();
  }

  /** The values of each level: the focus, what it was made of, and so on. */
  levels(side, focus) {
    const { nodes } = this.graphs[side];
    const found = [[focus]];
    const seen = new Set([focus]);
    while (found.length <= LEVELS) {
      const next = [];
      for (const node of found.at(-1)) {
        for (const input of nodes[node][2]) {
          if (!seen.has(input) && nodes[input]) {
            seen.add(input);
            next.push(input);
          }
        }
      }
      if (!next.length) break;
      found.push(next.slice(0, WIDEST));
    }
    return found;
  }

  graph(side, title, focus) {
    const graph = make("div", { class: `graph ${side}` }, make("h4", {}, title));
    if (!this.graphs[side].nodes[focus]) {
      graph.append(make("p", { class: "hint" }, "no counterpart was found"));
      return graph;
    }
    graph.prepend(make("svg", { "aria-hidden": "true" }));
    for (const level of this.levels(side, focus)) {
      graph.append(make("div", { class: "level" }, ...level.map((node) => this.node(side, node, node === focus))));
    }
    return graph;
  }

  node(side, node, isFocus) {
    const graph = this.graphs[side];
    const [site, value, inputs, left, mark] = graph.nodes[node];
    const { text, lines, kind } = graph.sites[site];
    const known = mark === "differs" ? "differs from the other side" : mark === "agrees" ? "agrees" : "no counterpart known";
    const words = { argument: "argument", default: "default", return: `returned, line ${lines[0]}` };
    const where = words[kind] ?? `line ${lines[0]}`;
    const more = left ? `${left} of its inputs are not on this page` : null;
    return make(
      "button",
      { type: "button", class: `node ${mark} ${isFocus ? "focus" : ""}`, "data-node": node, "data-inputs": inputs.join(" "), title: known, onclick: () => this.go(side, node) },
      make("code", {}, text),
      make("span", { class: "value" }, graph.values[value]),
      make("span", { class: "more" }, `${where}${mark === "agrees" ? "" : `; ${known}`}`),
      more && make("span", { class: "more" }, more),
    );
  }

  /** Draw an edge from each value to those that it was made of, where these are shown. */
  drawEdges() {
    for (const graph of findAll(".graph", this.root)) {
      const svg = find("svg", graph);
      if (!svg) continue;
      const box = graph.getBoundingClientRect();
      const paths = [];
      for (const from of findAll(".node", graph)) {
        for (const input of from.dataset.inputs.split(" ").filter(Boolean)) {
          const to = find(`[data-node="${input}"]`, graph);
          if (!to) continue;
          const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
          const [x1, y1, x2, y2] = [a.left + a.width / 2 - box.left, a.bottom - box.top, b.left + b.width / 2 - box.left, b.top - box.top];
          const middle = (y1 + y2) / 2;
          paths.push(make("path", { d: `M${x1},${y1} C${x1},${middle} ${x2},${middle} ${x2},${y2}` }));
        }
      }
      svg.replaceChildren(...paths);
    }
  }
}
