// The page of what is kept: drawn, changed, printed and saved here, from what keep.js reads of the
// browser's storage. Every word is put in as text, never as markup.
(() => {
  const kept = window.signpostKept;
  const words = window.signpostWords;
  const known = JSON.parse(document.getElementById("take-known").textContent);
  const part = (id) => document.getElementById(id);
  const AT_ONCE = 4; // Places that are looked up at a time.
  const NOTES_WAIT_MS = 400; // After the last key, notes are kept.
  const checks = new Map(); // By place: "same", "changed" or "unknown".
  const found = new Map(); // By place: what the page says there.
  let removed = null; // The thing that was removed last, with its list and place in it.

  // ---- Drawing

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
    element.append(...children.filter((child) => child !== ""));
    return element;
  }

  const keyOf = (one) => (one.document === undefined ? one.text : `${one.document}/${one.start}-${one.end}`);
  const blocksOf = (one) => one.blocks || [{ text: one.text, depth: 1 }];
  const snippet = (one) => {
    const text = blocksOf(one)[0].text;
    return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
  };

  // Paragraphs and nested lists out of blocks with depths.
  function drawBlocks(blocks) {
    const drawn = [];
    const open = []; // The lists that are still growing, outermost first.
    for (const { text, depth } of blocks) {
      if (depth < 1) {
        open.length = 0;
        drawn.push(make("p", {}, text));
        continue;
      }
      open.length = Math.min(open.length, depth);
      if (open.length < depth) {
        const list = make("ul", {});
        const above = open.at(-1);
        if (above) { above.lastElementChild.append(list); } else { drawn.push(list); }
        open.push(list);
      }
      open.at(-1).append(make("li", {}, text));
    }
    return drawn;
  }

  // Only an address of this server's own is ever a link.
  function linkOf(one) {
    const link = found.get(keyOf(one))?.link || one.link;
    try {
      const address = new URL(link, window.location.href);
      return link && address.origin === window.location.origin ? address : null;
    } catch {
      return null;
    }
  }

  // A file that is read anywhere, also without a network, has no links.
  function drawPlace(one, forFile) {
    const path = found.get(keyOf(one))?.path?.join(" › ") || one.path || words.TAKE_QUOTES;
    const address = forFile ? null : linkOf(one);
    return address ? make("a", { href: address.pathname + address.search + address.hash }, path) : make("span", {}, path);
  }

  const isChanged = (one) => checks.get(keyOf(one)) === "changed";
  const sourceOf = (one) => (isChanged(one) ? one.source : known.sources[one.document] || one.source) || "";

  // Each source once, in order.
  const sourcesOf = ({ questions, quotes }) =>
    [...new Set([...questions, ...quotes].filter((one) => one.document !== undefined).map(sourceOf))].filter(Boolean);

  // Beside a quote stands its source only where the list of sources would leave open which it is.
  const drawSource = (one) =>
    sourceOf(one) && (isChanged(one) || sourcesOf(kept.read()).length > 1) ? [make("p", { class: "take-source" }, sourceOf(one))] : [];

  // On the screen a check that is under way is not spoken of; a file would never learn how it ended.
  function drawCheck(one, forFile) {
    const state = checks.get(keyOf(one));
    const told = forFile && state === "asked" ? "unknown" : state;
    const sentence = { changed: words.TAKE_CHANGED, unknown: words.TAKE_NOT_CHECKED }[told];
    return sentence ? [make("p", { class: "take-note" }, sentence)] : [];
  }

  // Words that are still on the page are shown as the page has them, others as they were kept.
  function drawQuote(one, forFile) {
    const { context, blocks } = found.get(keyOf(one)) || one;
    const introduced = context ? [make("p", { class: "take-context" }, context)] : [];
    return [
      make("h3", {}, drawPlace(one, forFile)),
      make("blockquote", { dir: "auto" }, ...introduced, ...drawBlocks(blocks)),
      ...one.notices.map((notice) => make("p", { class: "take-note" }, notice)),
      ...drawCheck(one, forFile),
      ...drawSource(one),
    ];
  }

  function drawQuestion(one, forFile) {
    const drawn = [make("p", { class: "take-question", dir: "auto" }, one.text)];
    if (one.document !== undefined) {
      drawn.push(...drawCheck(one, forFile), make("p", { class: "take-source" }, `${words.TAKE_FROM_PAGE}: `, drawPlace(one, forFile)));
    }
    return drawn;
  }

  const LISTS = {
    questions: { list: part("take-questions"), draw: drawQuestion },
    quotes: { list: part("take-quotes"), draw: drawQuote },
  };

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
    const item = make("li", { class: "take-item" }, make("div", { class: "take-words" }, ...LISTS[name].draw(one, false)), tools);
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
    LISTS[name].list.replaceChildren(...items);
    LISTS[name].list.hidden = items.length === 0;
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

  const itemOf = (name, key) => [...LISTS[name].list.children].find((item) => item.dataset.key === key);
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
    LISTS[name].list.querySelector(".take-undo-button").focus();
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

  const today = () => new Intl.DateTimeFormat("en-US", { dateStyle: "long" }).format(new Date());
  const made = () => words.TAKE_MADE.replace("{date}", today());

  part("take-print").addEventListener("click", () => window.print());
  // The day may have changed since the page was drawn.
  window.addEventListener("beforeprint", draw);

  // A page of its own, without a script: what is kept, as text.
  function fileOf(now) {
    const page = document.implementation.createHTMLDocument(words.TAKE_WITH_YOU);
    const meta = (attributes) => make("meta", attributes);
    page.documentElement.lang = "en";
    page.head.prepend(
      meta({ charset: "utf-8" }),
      meta({ name: "viewport", content: "width=device-width, initial-scale=1" }),
      meta({ "http-equiv": "Content-Security-Policy", content: "default-src 'none'; style-src 'unsafe-inline'" }),
    );
    page.head.append(make("style", {}, known.style));
    const list = (title, name) =>
      now[name].length
        ? [make("h2", {}, title), make("ol", { class: name }, ...now[name].map((one) => make("li", {}, ...LISTS[name].draw(one, true))))]
        : [];
    const drawSources = (sources) =>
      sources.length
        ? [make("h2", {}, words.TAKE_SOURCES), make("ul", { class: "sources" }, ...sources.map((source) => make("li", {}, source)))]
        : [];
    const written = now.notes.trim()
      ? [make("h2", {}, words.TAKE_NOTES), make("p", { class: "take-written", dir: "auto" }, now.notes)]
      : [];
    page.body.append(
      make(
        "main",
        {},
        make("h1", {}, words.TAKE_WITH_YOU),
        make("p", { class: "take-source" }, made()),
        ...list(words.TAKE_QUESTIONS, "questions"),
        ...written,
        ...list(words.TAKE_QUOTES, "quotes"),
        ...drawSources(sourcesOf(now)),
      ),
    );
    return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
  }

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
    checks.clear();
    found.clear();
  }

  // ---- Checking the quotes with the page

  const wordsIn = (blocks) => JSON.stringify(blocks.map(({ text, depth }) => [text.split(/[ \t\r\n]+/).filter(Boolean), depth]));

  // Exactly the same characters stand there. Of a quote that was kept without them, its shown words.
  const isSame = (one, page) =>
    one.text ? one.text === page.text : wordsIn(one.blocks) === wordsIn(page.blocks) && one.context === (page.context || "");

  async function check(one) {
    const key = keyOf(one);
    let reply;
    let page;
    try {
      reply = await fetch(`quotes/${encodeURIComponent(one.document)}/${one.start}-${one.end}`);
      if (reply.ok) { page = await reply.json(); }
    } catch {
      checks.set(key, "unknown");
      return;
    }
    if (!reply.ok) {
      checks.set(key, reply.status === 404 ? "changed" : "unknown");
      return;
    }
    const same = isSame(one, page);
    if (same) { found.set(key, page); }
    checks.set(key, same ? "same" : "changed");
  }

  async function checkAll() {
    const now = kept.read();
    const queue = [...now.quotes, ...now.questions].filter((one) => one.document !== undefined && !checks.has(keyOf(one)));
    queue.forEach((one) => checks.set(keyOf(one), "asked"));
    const worker = async () => {
      while (queue.length) { await check(queue.shift()); }
    };
    if (queue.length) {
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      draw();
    }
  }

  // ---- Beginning

  function refresh(trouble) {
    const now = draw();
    if (!waiting && notes.value !== now.notes) { notes.value = now.notes; }
    part("take-trouble").hidden = !trouble;
    part("take-trouble").textContent = trouble;
    checkAll();
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
