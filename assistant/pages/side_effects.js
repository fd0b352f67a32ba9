// Finds passages by what somebody says of herself: "always tired" finds what is said of fatigue. The same
// search as corpus/side_effects/symptom_search.py, over the same words.
(() => {
  const { known, part, fold, likeness, mark, unmark, choose, filled } = window.signpostView;
  const quotes = [...document.querySelectorAll(".se-quote")].map((element) => {
    const words = element.querySelector("blockquote");
    return {
      element,
      words,
      text: fold(words.textContent),
      symptoms: JSON.parse(element.dataset.symptoms),
      treatment: element.dataset.treatment,
      easing: element.hasAttribute("data-easing"),
    };
  });

  // ---- The search for symptoms

  const symptoms = known.symptoms.map(([id, label, phrases, kinds]) => ({
    id, label, kinds, phrases: phrases.map((phrase) => phrase.split(" ")),
  }));
  const byId = new Map(symptoms.map((symptom) => [symptom.id, symptom]));
  const vocabulary = new Set(symptoms.flatMap(({ phrases }) => phrases.flat()));
  const ending = new RegExp(known.endings);
  const wordsOf = (text) => fold(text).replace(/'/g, "").match(/[a-z0-9]+/g) || [];
  const stem = (word) => (word.replace(ending, "").length >= known.stemLetters ? word.replace(ending, "") : word);

  // Where a word stands among the typed ones, and how well, from 0 to 1.
  function placeOf(word, typed) {
    const exact = typed.indexOf(word);
    if (exact >= 0) { return [exact, 1]; }
    const same = typed.findIndex((each) => stem(each) === stem(word));
    if (same >= 0) { return [same, 0.95]; }
    let best = null;
    typed.forEach((each, at) => {
      // A word that the vocabulary knows is no misspelling of another.
      const alike = vocabulary.has(each) ? 0 : likeness(each, word);
      if (alike && (!best || alike >= best[1])) { best = [at, alike]; }
    });
    return best;
  }

  // What a phrase rests on: places of typed words, each with how like they are; null where it finds too little.
  function restsOn(phrase, typed) {
    const places = phrase.map((word) => placeOf(word, typed));
    if (places.includes(null)) { return null; }
    const share = new Map(places);
    return share.size === phrase.length ? share : null;
  }

  const total = (share) => [...share.values()].reduce((sum, alike) => sum + alike, 0);
  const heavier = (one, other) => one.size - other.size || total(one) - total(other);
  const isWithin = (one, other) => one.size < other.size && [...one.keys()].every((at) => other.has(at));

  function completed(typed) {
    const last = typed.at(-1) || "";
    if (last.length < known.leastTyped) { return []; }
    const before = typed.slice(0, -1);
    return symptoms
      .filter(({ phrases }) => phrases.some((phrase) =>
        before.every((word) => phrase.includes(word)) && phrase.some((word) => word.startsWith(last))))
      .map(({ id }) => id);
  }

  function findSymptoms(text) {
    const typed = wordsOf(text);
    const matched = new Map();
    for (const { id, phrases } of symptoms) {
      const shares = phrases.map((phrase) => restsOn(phrase, typed)).filter((share) => share && share.size);
      if (shares.length) { matched.set(id, shares.reduce((best, share) => (heavier(share, best) > 0 ? share : best))); }
    }
    if (!matched.size) { return completed(typed); }
    // A symptom that rests on fewer of the same words is less than what was typed.
    const shares = [...matched.values()];
    const found = [...matched]
      .filter(([, share]) => !shares.some((other) => isWithin(share, other)))
      .sort((one, other) => heavier(other[1], one[1]))
      .map(([id]) => id);
    return [...new Set(found.flatMap((id) => [id, ...byId.get(id).kinds]))];
  }

  // ---- Choosing

  const search = part("view-search");
  const treatment = part("view-treatment");
  const symptom = part("view-symptom");
  const easing = part("view-easing");

  // Words of the text itself are found too, where all that was typed begins words of one passage.
  const holds = (quote, words) =>
    words.length > 0 && words.every((word) => word.length >= known.leastTyped && quote.starts.some((each) => each.startsWith(word)));
  quotes.forEach((quote) => { quote.starts = wordsOf(quote.text); });

  function namesOf(quote, ids) {
    return ids.flatMap((id) => quote.symptoms[id] || []);
  }

  function apply() {
    const typed = wordsOf(search.value);
    const ids = findSymptoms(search.value);
    let shown = 0;
    for (const quote of quotes) {
      const searched = !typed.length || ids.some((id) => id in quote.symptoms) || holds(quote, typed);
      const fits = searched
        && (!treatment.value || quote.treatment === treatment.value)
        && (!symptom.value || symptom.value in quote.symptoms)
        && (!easing.checked || quote.easing);
      quote.element.hidden = !fits;
      shown += fits ? 1 : 0;
      unmark(quote.words);
      if (fits) { mark(quote.words, namesOf(quote, [...ids, symptom.value])); }
    }
    document.querySelectorAll(".se-treatment").forEach((group) => {
      group.hidden = !group.querySelector(".se-quote:not([hidden])");
    });
    return shown ? filled(known.shown, { shown, count: quotes.length }) : nothing(typed, ids);
  }

  // A symptom that nobody speaks of here is said to be so; anything else just does not fit.
  function nothing(typed, ids) {
    const silent = ids.length && !quotes.some((quote) => ids.some((id) => id in quote.symptoms));
    if (!typed.length || !silent) { return known.none; }
    const { label } = byId.get(ids[0]);
    return filled(known.silent, { topic: label[0].toLowerCase() + label.slice(1) });
  }

  const { run, clear } = choose(apply);

  // The index chooses a symptom; its numbers lead to single passages, also to those put away.
  document.querySelector(".se-index")?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) { return; }
    if (link.dataset.symptom) {
      event.preventDefault();
      clear();
      symptom.value = link.dataset.symptom;
      run();
      part("results").focus({ preventScroll: true });
      part("results").scrollIntoView({ block: "start" });
    } else if (document.querySelector(link.hash)?.hidden) {
      clear();
    }
  });
})();
