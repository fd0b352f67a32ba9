// Checks kept words with the page: exactly the same characters must still stand at their place.
(() => {
  const AT_ONCE = 4; // Places that are looked up at a time.
  const checks = new Map(); // By place: "asked", "same", "changed" or "unknown".
  const found = new Map(); // By place: what the page says there, where it is the same.

  const keyOf = (one) => (one.document === undefined ? one.text : `${one.document}/${one.start}-${one.end}`);
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

  // Asks for whatever was not asked for yet. Returns whether there was any.
  async function all({ quotes, questions }) {
    const queue = [...quotes, ...questions].filter((one) => one.document !== undefined && !checks.has(keyOf(one)));
    queue.forEach((one) => checks.set(keyOf(one), "asked"));
    const worker = async () => {
      while (queue.length) { await check(queue.shift()); }
    };
    const some = queue.length > 0;
    if (some) { await Promise.all(Array.from({ length: AT_ONCE }, worker)); }
    return some;
  }

  window.signpostCheck = {
    keyOf,
    all,
    stateOf(one) { return checks.get(keyOf(one)); },
    pageOf(one) { return found.get(keyOf(one)); },
    forget() {
      checks.clear();
      found.clear();
    },
  };
})();
