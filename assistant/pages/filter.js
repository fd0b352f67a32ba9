// What the two views share: what is typed or chosen stays in this page. It is compared with words that
// came with it, and is never sent, kept or written into an address.
(() => {
  const SAID_AFTER_MS = 300; // A screen reader hears the count when somebody pauses, not at every key.
  const known = JSON.parse(document.getElementById("view-known").textContent);
  const part = (id) => document.getElementById(id);

  // ---- Words, folded as on the server

  const SIGNS = { "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-" };
  const fold = (text) =>
    text.normalize("NFKC").replace(/[’‘“”–—‑]/g, (sign) => SIGNS[sign]).replace(/\s+/g, " ").trim().toLowerCase();

  // Slips of the finger between two words: letters put in, left out, exchanged or swapped with the next.
  function slips(one, other) {
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  // How like two folded words are, from 0 to 1; 0 where they are too different to be the same.
  function likeness(typed, word, least) {
    if (typed === word) { return 1; }
    const { leastLetters, longLetters } = known.likeness;
    if (Math.min(typed.length, word.length) < leastLetters || typed[0] !== word[0]) { return 0; }
    const alike = 1 - slips(typed, word) / Math.max(typed.length, word.length);
    const enough = least ?? (word.length >= longLetters ? known.likeness.leastLong : known.likeness.least);
    return alike >= enough - 1e-9 ? alike : 0;
  }

  // ---- Marking words in a quote

  function unmark(element) {
    element.querySelectorAll("mark").forEach((found) => {
      const around = found.parentNode;
      found.replaceWith(...found.childNodes);
      around.normalize();
    });
  }

  function mark(element, words) {
    const wanted = words.filter(Boolean).sort((one, other) => other.length - one.length);
    if (!wanted.length) { return; }
    const escaped = wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"));
    const pattern = new RegExp(escaped.join("|"), "giu");
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) { texts.push(walker.currentNode); }
    for (const text of texts) {
      const places = [...text.data.matchAll(pattern)];
      for (const place of places.reverse()) {
        const found = text.splitText(place.index);
        found.splitText(place[0].length);
        const around = document.createElement("mark");
        found.replaceWith(around);
        around.append(found);
      }
    }
  }

  // ---- Choices

  const form = part("view-choose");
  const controls = [...form.querySelectorAll("input, select")];
  const valueOf = (control) => (control.type === "checkbox" ? control.checked : control.value);
  const isSet = (control) => (control.type === "checkbox" ? control.checked : control.value.trim() !== "");

  function setTo(control, value) {
    if (control.type === "checkbox") { control.checked = Boolean(value); } else { control.value = value || ""; }
  }

  let saying = 0;
  function say(sentence, now) {
    window.clearTimeout(saying);
    const line = part("view-count");
    const put = () => { if (line.textContent !== sentence) { line.textContent = sentence; } };
    if (now) { put(); } else { saying = window.setTimeout(put, SAID_AFTER_MS); }
  }

  // Shows what fits whenever a choice changes. `apply` returns the line that tells how much that is.
  function choose(apply) {
    function run({ now = false, keep = true } = {}) {
      const sentence = apply();
      part("view-clear").hidden = !controls.some((control) => control.id !== "view-sort" && isSet(control));
      say(sentence, now);
      // In the history of this tab alone, so that the way back leads to the same choice.
      if (keep) { window.history.replaceState({ ...window.history.state, chosen: controls.map(valueOf) }, ""); }
    }
    function clear() {
      controls.filter((control) => control.id !== "view-sort").forEach((control) => setTo(control, ""));
      run();
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => run());
    part("view-clear").addEventListener("click", () => {
      clear();
      part("view-search").focus({ preventScroll: true });
    });
    (window.history.state?.chosen || []).forEach((value, at) => { if (controls[at]) { setTo(controls[at], value); } });
    run({ now: true, keep: false });
    return { run, clear };
  }

  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

  // ---- In the pane beside the conversation, Escape leads back to it, and a link that led here the focus here.

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && window.frameElement && !(event.target.type === "search" && event.target.value)) {
      window.parent.document.dispatchEvent(new CustomEvent("sp-back"));
    }
  });
  window.signpostShow = () => {
    const frame = window.frameElement;
    if (frame && frame.dataset.focus) {
      part("view-title").focus({ preventScroll: true });
      delete frame.dataset.focus;
    }
  };
  window.addEventListener("load", window.signpostShow);
  // What is folded on the screen is not folded on paper.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll(".md-rest:not([open])")];
    unfolded.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => unfolded.forEach((details) => { details.open = false; }));

  window.signpostView = { known, part, fold, likeness, mark, unmark, choose, filled };
})();
