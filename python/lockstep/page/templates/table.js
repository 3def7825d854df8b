/** The table of pairs and cases: filter, sort, open and close. */
function setUpTable() {
  const table = find("#table");
  if (!table) return;
  const bodies = findAll("tbody", table);
  const filter = find("#filter");
  const unfold = find("#unfold");

  function isOpen(body) {
    return find(".open", body).getAttribute("aria-expanded") === "true";
  }

  /** Show what fits the filter; where one is set, the cases that fit it, too. */
  function show() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(findAll(".verdict:checked").map((box) => box.value));
    const all = verdicts.size === findAll(".verdict").length;
    let pairs = 0;
    let cases = 0;
    for (const body of bodies) {
      const name = body.dataset.name.toLowerCase();
      let any = false;
      for (const row of findAll(".case", body)) {
        const text = `${name} ${row.dataset.name} ${row.dataset.largest}`.toLowerCase();
        const fits = verdicts.has(row.dataset.verdict) && words.every((word) => text.includes(word));
        row.hidden = !fits || !(isOpen(body) || (words.length && !words.every((word) => name.includes(word))));
        any ||= fits;
        cases += fits;
      }
      if (!find(".case", body)) any = all && words.every((word) => name.includes(word));
      body.hidden = !any;
      pairs += any;
    }
    const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
    find("#shown").textContent = `${counted(pairs, "pair")}, ${counted(cases, "case")}`;
  }

  function open(body, opened) {
    find(".open", body).setAttribute("aria-expanded", String(opened));
  }

  /** Compare two rows by a column; what is equal stays in the order of names. */
  function compare(key, sign) {
    return (a, b) => {
      const [one, two] = [a.dataset[key], b.dataset[key]];
      const by = key === "name" ? one.localeCompare(two) : Number(one) - Number(two);
      return sign * by || b.dataset.bad - a.dataset.bad || a.dataset.name.localeCompare(b.dataset.name);
    };
  }

  function sort(head) {
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : head.dataset.key !== "name";
    for (const one of findAll("th[data-key]", table)) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = compare(head.dataset.key, down ? -1 : 1);
    table.append(...bodies.sort(order));
    for (const body of bodies) body.append(...findAll(".case", body).sort(order));
  }

  for (const head of findAll("th[data-key]", table)) {
    find("button", head).addEventListener("click", () => sort(head));
  }
  for (const body of bodies) {
    find(".open", body).addEventListener("click", () => {
      open(body, !isOpen(body));
      show();
    });
    open(body, body.dataset.bad === "1" && bodies.length > 1);
  }
  unfold.addEventListener("click", () => {
    const opened = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(opened));
    for (const body of bodies) open(body, opened);
    show();
  });
  filter.addEventListener("input", show);
  for (const box of findAll(".verdict")) box.addEventListener("change", show);
  if (bodies.length === 1) open(bodies[0], true);
  show();
}
