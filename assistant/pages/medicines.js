// Finds medicines by a name however it is spelt, as corpus/medicines/search.py does; filters and sorts.
(() => {
  const { known, part, fold, likeness, choose, filled } = window.signpostView;
  const table = part("medicines");
  const rows = [...table.querySelectorAll(".md-medicine")].map((element) => {
    const find = JSON.parse(element.dataset.find);
    return {
      element,
      find,
      sorts: JSON.parse(element.dataset.sorts),
      names: find.names.map((name) => wordsOf(name)),
      kind: wordsOf(find.words),
    };
  });

  // ---- By a name

  const { exact: EXACT, part: PART, completed: COMPLETED, ofSeveral: OF_SEVERAL, near: NEAR } = known.fits;
  const stem = new RegExp(known.stem);

  function wordsOf(text) { return fold(text).match(/[\p{L}\p{N}]+/gu) || []; }
  const singular = (word) => (word.length > known.leastTyped ? word.replace(/s$/, "") : word);

  // A typed word that ends as generic names do is likely another medicine: it must be nearer to ours.
  const alikeTo = (typed, word) => likeness(typed, word, stem.test(typed) ? known.leastOfStem : known.least);

  function fitOfName(name, typed) {
    if (name.length && name.every((word) => typed.includes(word))) { return EXACT; }
    const long = name.filter((word) => word.length >= known.leastLetters);
    if (long.some((word) => typed.includes(word))) { return PART; }
    const share = name.length > 1 ? OF_SEVERAL : 1;
    const last = typed.at(-1) || "";
    if (last.length >= known.leastTyped && long.some((word) => word.startsWith(last))) { return COMPLETED * share; }
    return COMPLETED * share * Math.max(0, ...typed.flatMap((word) => long.map((other) => alikeTo(word, other))));
  }

  function fitOfKind(kind, typed) {
    const [one, other] = [kind.map(singular), typed.map(singular)];
    if (!one.length || !other.length) { return 0; }
    if (one.every((word) => other.includes(word)) || other.every((word) => one.includes(word))) { return PART; }
    const last = other.at(-1);
    const spelt = other.every((word) => one.some((each) => likeness(word, each)));
    const begun = last.length >= known.leastTyped && one.some((each) => each.startsWith(last))
      && other.slice(0, -1).every((word) => one.includes(word));
    return spelt || begun ? COMPLETED * OF_SEVERAL : 0;
  }

  const fitOf = (row, typed) =>
    Math.max(fitOfKind(row.kind, typed), 0, ...row.names.map((name) => fitOfName(name, typed)));

  // The rows that are meant; all where nothing is typed.
  function found(text) {
    const typed = wordsOf(text);
    if (!typed.length) { return new Set(rows); }
    const fits = rows.map((row) => fitOf(row, typed));
    const best = Math.max(0, ...fits);
    // Where a name was written right, what is merely like it is not meant.
    const least = best >= PART ? PART : best - NEAR;
    return new Set(rows.filter((_, at) => fits[at] > 0 && fits[at] >= least));
  }

  // ---- Choosing

  const filters = [...document.querySelectorAll("[data-filter]")];
  const sortBy = part("view-sort");
  let descending = false;
  let sorted = "";

  function apply() {
    const meant = found(part("view-search").value);
    let shown = 0;
    for (const row of rows) {
      const fits = meant.has(row)
        && filters.every((filter) => !filter.value || row.find[filter.dataset.filter].includes(filter.value));
      row.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    table.hidden = !shown;
    sort();
    return shown ? filled(known.shown, { shown, count: rows.length }) : known.none;
  }

  // ---- Sorting

  const heads = [...table.querySelectorAll("th[data-sort]")];
  const keyOf = (row) => row.sorts[sortBy.value] || "";

  function compared(one, other) {
    const [first, second] = [keyOf(one), keyOf(other)];
    // What is not said stands last, in either direction.
    if (!first || !second) { return (first ? 0 : 1) - (second ? 0 : 1); }
    return (descending ? -1 : 1) * first.localeCompare(second, "en");
  }

  function sort() {
    const now = `${sortBy.value} ${descending}`;
    if (now === sorted || (!sorted && !sortBy.value)) { return; }
    sorted = now;
    const focused = document.activeElement;
    table.append(...(sortBy.value ? [...rows].sort(compared) : rows).map(({ element }) => element));
    if (focused && focused !== document.activeElement) { focused.focus({ preventScroll: true }); }
    heads.forEach((head) => {
      if (head.dataset.sort === sortBy.value) {
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
  }

  const { run } = choose(apply);
  sortBy.addEventListener("input", () => { descending = false; });
  heads.forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      descending = sortBy.value === head.dataset.sort && !descending;
      sortBy.value = head.dataset.sort;
      run();
    });
  });
})();
