// Keeps quotes and questions for the visit: in this browser, under one key, and nowhere else.
// A button [data-keep-quote] or [data-keep-question] keeps what it names; pressed again, it lets it go.
(() => {
  const KEY = "signpost-kept";
  const MOST = 200; // Things that are kept at a time, quotes and questions together.
  const BUTTONS = "[data-keep-quote], [data-keep-question]";
  const words = window.signpostWords || {};
  const listeners = [];
  let held = null; // What could not be stored, where the page holds it until it is closed.
  let holds = false;

  // What is stored may have been written by an older page, or by hand: only what is sound is taken.
  const isText = (value) => typeof value === "string";
  const isPlace = ({ document, start, end }) =>
    isText(document) && Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start < end;
  const isBlock = (block) => block && isText(block.text) && Number.isSafeInteger(block.depth);
  const texts = (value) => (Array.isArray(value) ? value.filter(isText) : []);
  const text = (value) => (isText(value) ? value : "");
  const listOf = (value) => (Array.isArray(value) ? value.filter((one) => one && typeof one === "object") : []);
  const placed = (one) => (isPlace(one) ? { document: one.document, start: one.start, end: one.end } : {});

  function sound(stored) {
    const kept = stored && typeof stored === "object" ? stored : {};
    return {
      quotes: listOf(kept.quotes)
        .filter((one) => isPlace(one) && Array.isArray(one.blocks) && one.blocks.length && one.blocks.every(isBlock))
        .map((one) => ({
          ...placed(one),
          text: text(one.text),
          blocks: one.blocks.map((block) => ({ text: block.text, depth: block.depth })),
          context: text(one.context),
          notices: texts(one.notices),
          path: text(one.path),
          link: text(one.link),
          source: text(one.source),
        })),
      questions: listOf(kept.questions)
        .filter((one) => isText(one.text))
        .map((one) => ({ text: one.text, ...placed(one), path: text(one.path), link: text(one.link) })),
      notes: text(kept.notes),
    };
  }

  function read() {
    if (held) { return structuredClone(held); }
    try {
      return sound(JSON.parse(window.localStorage.getItem(KEY)));
    } catch {
      return sound(null);
    }
  }

  // Changes what is kept and tells everybody who shows it. Returns what went wrong, in words, or "".
  function change(alter) {
    const kept = read();
    alter(kept);
    let trouble = "";
    try {
      if (kept.quotes.length || kept.questions.length || kept.notes) {
        window.localStorage.setItem(KEY, JSON.stringify(kept));
      } else {
        window.localStorage.removeItem(KEY);
      }
      held = null;
    } catch {
      if (!holds) { return words.TAKE_FAILED || ""; }
      held = kept;
      trouble = words.TAKE_HELD || "";
    }
    tell(trouble);
    return trouble;
  }

  function tell(trouble) {
    restore();
    listeners.forEach((listener) => listener(trouble));
  }

  // What a screen reader hears. A line that is said twice in a row is said anew.
  function say(sentence) {
    let said = document.getElementById("sp-said");
    if (!said) {
      said = document.createElement("p");
      said.id = "sp-said";
      said.className = "sp-hidden";
      said.setAttribute("role", "status");
      document.body.append(said);
    }
    if (said.textContent === sentence) {
      said.textContent = "";
      setTimeout(() => { said.textContent = sentence; }, 50);
    } else {
      said.textContent = sentence;
    }
  }

  const samePlace = (one, other) =>
    one.document === other.document && one.start === other.start && one.end === other.end;

  // What a button keeps: where it belongs, and how to tell it from others. Null where it names nothing.
  function namedBy(button) {
    if (button.dataset.keepQuestion !== undefined) {
      const question = button.dataset.keepQuestion;
      return question.trim() ? { list: "questions", is: (one) => one.text === question } : null;
    }
    const place = parsed(button.dataset.keepQuote);
    return isPlace(place) ? { list: "quotes", is: (one) => samePlace(one, place) } : null;
  }

  function parsed(json) {
    try {
      return JSON.parse(json) || {};
    } catch {
      return {};
    }
  }

  // White space of the markup goes; a no-break space is the page's own and stays.
  const trimmed = (string) => string.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");

  function wordsOf(element, without) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(without).forEach((part) => part.remove());
    return trimmed(copy.textContent);
  }

  // The words of a quote, as paragraphs (depth 0) and items of lists (depth 1 and more).
  function blocksOf(element) {
    return [...element.children].flatMap((child) => {
      if (child.matches(".sp-context, .sp-hidden")) { return []; }
      if (child.matches("ul, ol")) { return [...child.children].flatMap((item) => itemOf(item, 1)); }
      return child.matches("p, h1, h2, h3, h4, h5, h6") ? [{ text: wordsOf(child, ".sp-hidden"), depth: 0 }] : [];
    });
  }

  function itemOf(item, depth) {
    const below = [...item.children].filter((child) => child.matches("ul, ol"));
    const deeper = below.flatMap((list) => [...list.children].flatMap((one) => itemOf(one, depth + 1)));
    return [{ text: wordsOf(item, "ul, ol, .sp-hidden"), depth }, ...deeper];
  }

  function quoteOf(button) {
    const around = button.closest("[data-quote]");
    const quote = around && around.querySelector("blockquote");
    if (!quote) { return null; }
    const context = quote.querySelector(".sp-context");
    const place = around.querySelector(".sp-place a");
    const foot = button.closest("article")?.querySelector(".sp-foot");
    const blocks = blocksOf(quote);
    const named = parsed(button.dataset.keepQuote);
    return {
      ...placed(named),
      text: text(named.text),
      blocks: blocks.length ? blocks : [{ text: wordsOf(quote, ".sp-context, .sp-hidden"), depth: 0 }],
      context: context ? trimmed(context.textContent) : "",
      notices: [...around.querySelectorAll(".sp-notice")].map((notice) => trimmed(notice.textContent)),
      path: place ? wordsOf(place, ".sp-go, .sp-hidden") : "",
      link: quote.getAttribute("cite") || (place && place.getAttribute("href")) || "",
      source: around.dataset.quoteSource || (foot ? trimmed(foot.textContent) : ""),
    };
  }

  function questionOf(button) {
    const from = parsed(button.dataset.keepPlace || "{}");
    return { text: button.dataset.keepQuestion, ...placed(from), path: text(from.path), link: text(from.link) };
  }

  // Keeps what a button names, or lets it go. Returns the sentence that tells of it, and whether it failed.
  function press(button, named) {
    const before = read();
    if (before[named.list].some(named.is)) {
      const trouble = change((kept) => { kept[named.list] = kept[named.list].filter((one) => !named.is(one)); });
      return { said: trouble || words.TAKE_LET_GO, failed: Boolean(trouble) };
    }
    if (before.quotes.length + before.questions.length >= MOST) { return { said: words.TAKE_FULL, failed: true }; }
    const one = named.list === "quotes" ? quoteOf(button) : questionOf(button);
    if (!one) { return { said: words.TAKE_FAILED, failed: true }; }
    const trouble = change((kept) => { kept[named.list].push(one); });
    return { said: trouble || words.TAKE_KEPT, failed: Boolean(trouble) };
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(BUTTONS);
    const named = button && namedBy(button);
    if (!named) { return; }
    document.querySelectorAll(".sp-keep-trouble").forEach((trouble) => trouble.remove());
    const { said, failed } = press(button, named);
    if (failed) { showTrouble(button, said || ""); }
    say(said || "");
  });

  // What went wrong stands next to the button that was pressed. It is no second status: that one is said.
  function showTrouble(button, sentence) {
    const trouble = document.createElement("span");
    trouble.className = "sp-keep-trouble";
    trouble.style.cssText = "display: block; flex-basis: 100%; padding: .25rem 0; white-space: normal";
    trouble.textContent = sentence;
    button.after(trouble);
  }

  // Buttons and counters show what is kept, also those that were drawn just now.
  function restore() {
    const kept = read();
    document.querySelectorAll(BUTTONS).forEach((button) => {
      const named = namedBy(button);
      if (named) { showState(button, kept[named.list].some(named.is)); }
    });
    const count = kept.quotes.length + kept.questions.length;
    document.querySelectorAll("[data-kept-count]").forEach((counter) => {
      setText(counter, count ? String(count) : "");
      if (counter.hidden !== !count) { counter.hidden = !count; }
    });
  }

  function showState(button, isKept) {
    // The words that only a screen reader says, behind the label, stay.
    const label = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (label && button.dataset.keptLabel) {
      button.dataset.keepLabel ??= label.data;
      const wanted = isKept ? button.dataset.keptLabel : button.dataset.keepLabel;
      if (label.data !== wanted) { label.data = wanted; }
    }
    if (button.getAttribute("aria-pressed") !== String(isKept)) {
      button.setAttribute("aria-pressed", String(isKept));
    }
  }

  function setText(element, string) {
    if (element.textContent !== string) { element.textContent = string; }
  }

  const needsState = (node) =>
    node.nodeType === Node.ELEMENT_NODE &&
    (node.matches(`${BUTTONS}, [data-kept-count]`) || node.querySelector(`${BUTTONS}, [data-kept-count]`));
  new MutationObserver((changes) => {
    if (changes.some(({ addedNodes }) => [...addedNodes].some(needsState))) { restore(); }
  }).observe(document.documentElement, { childList: true, subtree: true });
  // Another tab, or the pane beside, changed what is kept.
  window.addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) { tell(""); }
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { tell(""); } });
  restore();

  window.signpostKept = {
    MOST,
    read,
    change,
    say,
    samePlace,
    listen(listener) { listeners.push(listener); },
    hold() { holds = true; },
    clear() {
      held = null;
      try {
        window.localStorage.removeItem(KEY);
      } catch {
        // Where nothing can be stored, nothing is.
      }
      tell("");
    },
  };
})();
