// The page of what is kept: changed, printed, saved and cleared here. keep.js reads and writes the
// browser's storage, take_check.js asks the server, take_draw.js draws.
(() => {
  const kept = window.signpostKept;
  const check = window.signpostCheck;
  const { keyOf } = check;
  const { make, made, sourcesOf, fileOf } = window.signpostDraw;
  const words = window.signpostWords;
  const part = (id) => document.getElementById(id);
  const NOTES_WAIT_MS = 400; // After the last key, notes are kept.
  let removed = null; // The thing that was removed last, with its list and place in it.

  // ---- Drawing

  const LISTS = { questions: part("take-questions"), quotes: part("take-quotes") };

  function snippet(one) {
    const text = one.blocks ? one.blocks[0].text : one.text;
    return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
  }

  function drawTool(label, act, one, { shown, off }) {
    const name = `${label}: ${snippet(one)}`;
    const attributes = { type: "button", class: `take-tool take-${act}`, "data-act": act, "aria-label": name };
    // Not `disabled`: that would take the focus from who moves a thing to the end of its list.
    if (off) { attributes["aria-disabled"] = "true"; }
    return make("button", attributes, shown ? label : "");
  }

  function drawItem(name, one, at, count) {
    const tools = make(
      "div",
      { class: "take-tools" },
      drawTool(words.TAKE_UP, "up", one, { off: at === 0 }),
      drawTool(words.TAKE_DOWN, "down", one, { off: at === count - 1 }),
      drawTool(words.TAKE_REMOVE, "remove", one, { shown: true }),
    );
    const item = make("li", { class: "take-item" }, make("div", { class: "take-words" }, ...window.signpostDraw.draw[name](one, false)), tools);
    item.dataset.key = keyOf(one);
    return item;
  }

  function drawUndo() {
    const button = make("button", { type: "button", class: "take-undo-button" }, words.TAKE_UNDO);
    return make("li", { class: "take-undo" }, make("span", {}, `${words.TAKE_REMOVED}: ${snippet(removed.one)}`), button);
  }

  function drawList(name, things) {
    const items = things.map((one, at) => drawItem(name, one, at, things.length));
    if (removed && removed.name === name) { items.splice(Math.min(removed.at, items.length), 0, drawUndo()); }
    LISTS[name].replaceChildren(...items);
    LISTS[name].hidden = items.length === 0;
  }

  function draw() {
    const focused = focusedTool();
    const now = kept.read();
    drawList("questions", now.questions);
    drawList("quotes", now.quotes);
    const isEmpty = !(now.questions.length || now.quotes.length || now.notes || removed);
    part("take-empty").hidden = !isEmpty;
    document.querySelector(".take").classList.toggle("take-nothing", isEmpty);
    part("take-no-questions").hidden = now.questions.length > 0 || isEmpty;
    part("take-no-quotes").hidden = now.quotes.length > 0 || isEmpty;
    part("take-quotes-part").hidden = isEmpty;
    // Nothing to print in them: these parts stay on the screen.
    part("take-questions-part").classList.toggle("take-bare", now.questions.length === 0);
    part("take-quotes-part").classList.toggle("take-bare", now.quotes.length === 0);
    part("take-notes-part").classList.toggle("take-bare", !now.notes.trim());
    part("take-written").textContent = now.notes;
    const sources = sourcesOf(now);
    part("take-sources-part").hidden = sources.length === 0;
    part("take-sources").replaceChildren(...sources.map((source) => make("li", {}, source)));
    document.querySelector(".take-made").textContent = made();
    if (focused) { focusTool(...focused); }
    return now;
  }

  // ---- Moving, removing, putting back

  const itemOf = (name, key) => [...LISTS[name].children].find((item) => item.dataset.key === key);
  const nameOf = (element) => (element.closest("#take-quotes") ? "quotes" : "questions");

  function focusedTool() {
    const item = document.activeElement?.closest?.(".take-item");
    const act = document.activeElement?.dataset?.act;
    return item && act ? [nameOf(item), item.dataset.key, act] : null;
  }

  function focusTool(name, key, act) {
    itemOf(name, key)?.querySelector(`[data-act="${act}"]`)?.focus();
  }

  function move(name, key, by) {
    let said = "";
    kept.change((now) => {
      const things = now[name];
      const from = things.findIndex((one) => keyOf(one) === key);
      const to = from + by;
      if (from < 0 || to < 0 || to >= things.length) { return; }
      [things[from], things[to]] = [things[to], things[from]];
      said = words.TAKE_MOVED.replace("{place}", to + 1).replace("{count}", things.length);
    });
    if (said) { kept.say(said); }
  }

  function remove(name, key) {
    const at = kept.read()[name].findIndex((one) => keyOf(one) === key);
    if (at < 0) { return; }
    removed = { name, at, one: kept.read()[name][at] };
    kept.change((now) => { now[name] = now[name].filter((one) => keyOf(one) !== key); });
    LISTS[name].querySelector(".take-undo-button").focus();
    kept.say(`${words.TAKE_REMOVED}.`);
  }

  function putBack() {
    const { name, at, one } = removed;
    removed = null;
    kept.change((now) => {
      if (!now[name].some((other) => keyOf(other) === keyOf(one))) { now[name].splice(at, 0, one); }
    });
    focusTool(name, keyOf(one), "remove");
    kept.say(words.TAKE_IS_BACK);
  }

  document.querySelector("main").addEventListener("click", (event) => {
    const tool = event.target.closest("[data-act]");
    if (event.target.closest(".take-undo-button")) {
      putBack();
    } else if (tool && tool.getAttribute("aria-disabled") !== "true") {
      const { key } = tool.closest(".take-item").dataset;
      if (tool.dataset.act === "remove") {
        remove(nameOf(tool), key);
      } else {
        move(nameOf(tool), key, tool.dataset.act === "up" ? -1 : 1);
      }
    }
  });

  // ---- A question of her own

  const own = part("take-own-words");

  function refusalOf(question) {
    const now = kept.read();
    if (now.questions.some((one) => one.text === question)) { return words.TAKE_ALREADY; }
    return now.questions.length + now.quotes.length >= kept.MOST ? words.TAKE_FULL : "";
  }

  part("take-own").addEventListener("submit", (event) => {
    event.preventDefault();
    const question = own.value.trim();
    own.focus();
    const refusal = question ? refusalOf(question) : "";
    part("take-own-refused").textContent = refusal;
    part("take-own-refused").hidden = !refusal;
    if (refusal) { kept.say(refusal); }
    if (!question || refusal) { return; }
    kept.change(({ questions }) => { questions.push({ text: question, path: "", link: "" }); });
    own.value = "";
    kept.say(`${words.TAKE_ADDED}.`);
  });
  own.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      part("take-own").requestSubmit();
    }
  });

  // ---- Notes

  const notes = part("take-notes");
  let waiting = 0;

  function keepNotes() {
    if (!waiting) { return; }
    clearTimeout(waiting);
    waiting = 0;
    kept.change((now) => { now.notes = notes.value; });
  }

  notes.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keepNotes, NOTES_WAIT_MS);
  });
  notes.addEventListener("blur", keepNotes);
  window.addEventListener("pagehide", keepNotes);
  window.addEventListener("beforeprint", keepNotes);
  document.addEventListener("visibilitychange", keepNotes);

  // ---- Printing, saving, clearing

  part("take-print").addEventListener("click", () => window.print());
  // The day may have changed since the page was drawn.
  window.addEventListener("beforeprint", draw);

  part("take-download").addEventListener("click", () => {
    keepNotes();
    const address = URL.createObjectURL(new Blob([fileOf(kept.read())], { type: "text/html;charset=utf-8" }));
    make("a", { href: address, download: `${words.TAKE_WITH_YOU}.html` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    kept.say(words.TAKE_DOWNLOADED);
  });

  function askToClear(asks) {
    part("take-sure").hidden = !asks;
    part("take-clear").setAttribute("aria-expanded", String(asks));
    kept.say("");
    part(asks ? "take-sure-no" : "take-clear").focus();
  }

  part("take-clear").addEventListener("click", () => askToClear(part("take-sure").hidden));
  part("take-sure-no").addEventListener("click", () => askToClear(false));
  part("take-sure").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      askToClear(false);
    }
  });
  part("take-sure-yes").addEventListener("click", () => {
    forget();
    kept.clear();
    askToClear(false);
    part("take").focus();
    kept.say(words.TAKE_CLEARED);
  });

  // Nothing of what was kept stays behind in the page either.
  function forget() {
    clearTimeout(waiting);
    waiting = 0;
    notes.value = "";
    own.value = "";
    removed = null;
    check.forget();
  }

  // ---- Beginning

  function refresh(trouble) {
    const now = draw();
    if (!waiting && notes.value !== now.notes) { notes.value = now.notes; }
    part("take-trouble").hidden = !trouble;
    // Said once, not with every word of the notes.
    if (part("take-trouble").textContent !== trouble) { part("take-trouble").textContent = trouble; }
    check.all(now).then((some) => { if (some) { draw(); } });
  }

  kept.hold();
  kept.listen(refresh);
  window.addEventListener("storage", (event) => {
    // Cleared in another tab: then here too, with what was typed last.
    if (event.newValue === null && (event.key === "signpost-kept" || event.key === null)) {
      forget();
      refresh("");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && window.frameElement) {
      window.parent.document.dispatchEvent(new CustomEvent("sp-back"));
    }
  });
  window.signpostShow = () => {
    const frame = window.frameElement;
    if (frame && frame.dataset.focus) {
      // Only after somebody followed a link to here.
      delete frame.dataset.focus;
      part("take").focus();
    }
  };
  notes.value = kept.read().notes;
  refresh("");
  window.signpostShow();
})();
