const LIMIT = Number(document.body.dataset.limit); // floors: where rounding ends
const MOST_NUMBERS = 49; // elements that are written as a table of numbers
const SCALE = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

/** A colour between the ends of a scale of colours; `part` from 0 to 1. */
function between(colours, part) {
  const place = Math.min(Math.max(part, 0), 1) * (colours.length - 1);
  const low = Math.min(Math.floor(place), colours.length - 2);
  return colours[low].map((one, i) => Math.round(one + (colours[low + 1][i] - one) * (place - low)));
}

/** The colour of a value: dark to bright, or blue to red about zero. */
function colour(value, [low, high]) {
  if (Number.isNaN(value)) return [150, 150, 150];
  if (low < 0 && high > 0) {
    const most = Math.max(-low, high);
    return between([[33, 102, 172], [146, 197, 222], [245, 245, 245], [244, 165, 130], [178, 24, 43]], (value / most + 1) / 2);
  }
  return between(SCALE, high > low ? (value - low) / (high - low) : 0.5);
}

/** The colour of a difference in floors, on a log scale: grey as long as it is rounding. */
function farColour(times) {
  if (times === 0) return [240, 240, 238];
  if (times <= LIMIT) return between([[220, 220, 216], [170, 170, 165]], Math.log10(1 + times) / 1.52);
  return between([[254, 196, 79], [217, 95, 14], [153, 0, 13]], Math.log10(Math.min(times, 1e15) / LIMIT) / 13.5);
}

/** Draw an array as a map; its cells can be pointed at. */
function map(title, picture, colours, describe, output) {
  const { rows, columns } = picture;
  const canvas = make("canvas", { width: columns, height: rows, role: "img", "aria-label": title });
  for (const [side, count] of [["width", columns], ["height", rows]]) {
    canvas.style[side] = `${count * Math.max(1, Math.min(14, Math.floor(240 / count)))}px`;
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  colours.forEach((one, i) => image.data.set([...one, 255], 4 * i));
  context.putImageData(image, 0, 0);
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const row = Math.min(rows - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * rows)));
    const column = Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * columns)));
    output.textContent = describe(row, column);
  });
  return make("figure", {}, make("figcaption", {}, title), canvas);
}

/** What stands at a cell, on both sides. */
function describer(picture, port) {
  return (row, column) => {
    const i = row * picture.columns + column;
    const far = picture.apart ? `; ${floors(picture.apart[i])} apart` : "";
    const place = picture.thinned ? `block (${row + 1},${column + 1})` : `(${row + 1},${column + 1})`;
    return `${place}: Octave ${shown(picture.octave[i])}, Python ${shown(port[i])}${far}`;
  };
}

/** Draw two arrays of two dimensions as maps, and their difference as a third. */
function drawMaps(picture, port) {
  const output = make("output", { class: "hint" }, "Point at a cell to read its values.");
  const describe = describer(picture, port);
  const range = picture.range.map(number);
  const maps = [
    map("Octave", picture, picture.octave.map((one) => colour(number(one), range)), describe, output),
    map("Python", picture, port.map((one) => colour(number(one), range)), describe, output),
  ];
  if (picture.apart) {
    const far = picture.apart.map((one) => farColour(number(one)));
    maps.push(map(`Difference: grey up to ${LIMIT} floors, then yellow to red`, picture, far, describe, output));
  }
  return [make("div", { class: "maps" }, ...maps), output];
}

/** Draw two vectors as lines, and their difference below, on a log scale. */
function drawLines(picture, port) {
  const [width, height, below] = [560, 150, picture.apart ? 70 : 0];
  const [low, high] = picture.range.map(number);
  const count = picture.octave.length;
  const x = (i) => 8 + (i * (width - 16)) / Math.max(1, count - 1);
  const y = (value) => height - 10 - ((value - low) / (high - low || 1)) * (height - 24);
  const points = (values) =>
    values.map(number).map((one, i) => [x(i), y(one)]).filter(([, at]) => Number.isFinite(at)).map((one) => one.map((n) => n.toFixed(1)).join(",")).join(" ");
  const svg = make("svg", { class: "lines", viewBox: `0 0 ${width} ${height + below}`, role: "img", "aria-label": `Octave and Python, from ${shown(low)} to ${shown(high)}` });
  svg.append(
    make("polyline", { class: "octave", points: points(picture.octave) }),
    make("polyline", { class: "port", points: points(port) }),
    make("text", { x: 4, y: 11 }, shown(Number(high.toPrecision(4)))),
    make("text", { x: 4, y: height - 1 }, shown(Number(low.toPrecision(4)))),
  );
  if (picture.apart) {
    const tall = (times) => (Math.min(16, Math.log10(1 + times)) / 16) * (below - 14);
    picture.apart.map(number).forEach((times, i) => {
      if (times > 0) {
        const top = tall(times);
        svg.append(make("rect", { class: times > LIMIT ? "beyond" : "apart", x: (x(i) - 1.5).toFixed(1), width: 3, y: (height + below - top).toFixed(1), height: top.toFixed(1) }));
      }
    });
    const limit = height + below - tall(LIMIT);
    svg.append(make("line", { class: "limit", x1: 0, x2: width, y1: limit, y2: limit }), make("text", { x: 4, y: limit - 3 }, `${LIMIT} floors`));
  }
  const key = make("p", { class: "hint" }, make("span", { class: "key-octave" }, "Octave"), " drawn through, ", make("span", { class: "key-port" }, "Python"), " dashed", picture.apart ? "; below: how far apart, on a log scale" : "");
  return [svg, key];
}

/** Write a small array as numbers, what differs beyond rounding marked. */
function drawNumbers(title, values, picture) {
  const rows = [];
  for (let row = 0; row < picture.rows; row++) {
    const cells = [];
    for (let column = 0; column < picture.columns; column++) {
      const i = row * picture.columns + column;
      const far = picture.apart && number(picture.apart[i]) > LIMIT;
      cells.push(make("td", { class: far ? "beyond" : null }, shown(values[i])));
    }
    rows.push(make("tr", {}, ...cells));
  }
  const table = make("table", { class: "numbers" }, make("tbody", {}, ...rows));
  return make("figure", {}, make("figcaption", {}, title), make("div", { class: "wide", role: "region", "aria-label": title, tabindex: "0" }, table));
}

/** List the elements that differ most. */
function drawWorst(worst) {
  const head = ["in Octave", "in Python", "Octave", "Python", "apart"].map((one) => make("th", { scope: "col" }, one));
  const rows = worst.map((one) =>
    make("tr", {}, ...[one.octave_index, one.python_index, shown(one.octave), shown(one.python), floors(one.floors)].map((text) => make("td", {}, text))),
  );
  const table = make("table", { class: "numbers" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  return make("div", { class: "wide", role: "region", "aria-label": "What differs most", tabindex: "0" }, table);
}

/** A value that is no array of numbers, in words. */
function inWords(value) {
  if (!value) return "none";
  const more = value.left_out ? `, and ${value.left_out} more` : "";
  if (value.fields) return `struct: ${Object.entries(value.fields).map(([name, one]) => `${name} = ${inWords(one)}`).join("; ")}${more}`;
  if (value.items) return `{${value.items.map(inWords).join(", ")}${more}}`;
  if (value.elements) {
    const all = value.elements.map(shown).join(", ");
    return value.elements.length === 1 && !more ? all : `[${all}${more}]${value.shape ? ` ${value.shape.join("x")}` : ""}`;
  }
  return value.text ?? value.class;
}

/** Draw what both sides gave in a step. */
function draw(step) {
  const picture = step.picture;
  if (!picture) {
    const sides = Object.entries(step.values ?? {});
    const names = { octave: "Octave", port: "Python" };
    if (!sides.length) return [make("p", { class: "hint" }, "The value was not kept.")];
    return sides.map(([side, value]) => make("p", {}, make("span", { class: `key-${side}` }, names[side]), " ", make("code", {}, inWords(value))));
  }
  const port = picture.port ?? picture.octave;
  const parts = [];
  if (picture.octave.length <= MOST_NUMBERS) {
    parts.push(make("div", { class: "maps" }, drawNumbers("Octave", picture.octave, picture), drawNumbers("Python", port, picture)));
  }
  if (picture.rows > 1 && picture.octave.length > 4) parts.push(...drawMaps(picture, port));
  else if (picture.octave.length > 3) parts.push(...drawLines(picture, port));
  if (picture.thinned) {
    parts.push(make("p", { class: "note" }, `Thinned: ${picture.size} elements are drawn as ${picture.rows} x ${picture.columns}; of each block the one that differs most, else its first.`));
  }
  if (picture.apart) {
    if (picture.octave.length === 1) parts.push(make("p", {}, `${floors(picture.apart[0])} apart`));
    else {
      const many = `${picture.differing} element${picture.differing === 1 ? " differs" : "s differ"}`;
      parts.push(make("p", {}, `${many}, ${picture.beyond} beyond rounding; most of all:`), drawWorst(picture.worst));
    }
  } else {
    parts.push(make("p", { class: "hint" }, picture.port ? "The same values in another form." : "Identical, bit for bit."));
  }
  return parts;
}
