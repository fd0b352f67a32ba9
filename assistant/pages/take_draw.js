// Draws what is kept, for the page and for the file. Every word is put in as text, never as markup.
(() => {
  const kept = window.signpostKept;
  const check = window.signpostCheck;
  const words = window.signpostWords;
  const known = JSON.parse(document.getElementById("take-known").textContent);

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
    element.append(...children.filter((child) => child !== ""));
    return element;
  }

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
    const link = check.pageOf(one)?.link || one.link;
    try {
      const address = new URL(link, window.location.href);
      return link && address.origin === window.location.origin ? address : null;
    } catch {
      return null;
    }
  }

  // A file that is read anywhere, also without a network, has no links.
  function drawPlace(one, forFile) {
    const path = check.pageOf(one)?.path?.join(" › ") || one.path || words.TAKE_QUOTES;
    const address = forFile ? null : linkOf(one);
    return address ? make("a", { href: address.pathname + address.search + address.hash }, path) : make("span", {}, path);
  }

  const isChanged = (one) => check.stateOf(one) === "changed";
  const sourceOf = (one) => (isChanged(one) ? one.source : known.sources[one.document] || one.source) || "";

  // Each source once, in order.
  const sourcesOf = ({ questions, quotes }) =>
    [...new Set([...questions, ...quotes].filter((one) => one.document !== undefined).map(sourceOf))].filter(Boolean);

  // Beside a quote stands its source only where the list of sources would leave open which it is.
  const drawSource = (one) =>
    sourceOf(one) && (isChanged(one) || sourcesOf(kept.read()).length > 1) ? [make("p", { class: "take-source" }, sourceOf(one))] : [];

  // On the screen a check that is under way is not spoken of; a file would never learn how it ended.
  function drawCheck(one, forFile) {
    const state = check.stateOf(one);
    const told = forFile && state === "asked" ? "unknown" : state;
    const sentence = { changed: words.TAKE_CHANGED, unknown: words.TAKE_NOT_CHECKED }[told];
    return sentence ? [make("p", { class: "take-note" }, sentence)] : [];
  }

  // Words that are still on the page are shown as the page has them, others as they were kept.
  function drawQuote(one, forFile) {
    const { context, blocks } = check.pageOf(one) || one;
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

  const draw = { questions: drawQuestion, quotes: drawQuote };

  const today = () => new Intl.DateTimeFormat("en-US", { dateStyle: "long" }).format(new Date());
  const made = () => words.TAKE_MADE.replace("{date}", today());

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
        ? [make("h2", {}, title), make("ol", { class: name }, ...now[name].map((one) => make("li", {}, ...draw[name](one, true))))]
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

  window.signpostDraw = { make, draw, sourcesOf, made, fileOf };
})();
