// The document stands in a pane beside the conversation; on a phone it covers the conversation, and the
// browser's Back, Escape or the button in its head lead back to the same place. Neither loses its place.
const paneOf = () => document.getElementById("page-pane");
const isWide = () => window.matchMedia("(min-width: 1024px)").matches;
let cameFrom = null;

function showInPane(address, state) {
  const pane = paneOf();
  pane.dataset.focus = "yes";
  const there = new URL(address, window.location.href);
  const here = pane.contentWindow.location;
  if (here.pathname + here.search === there.pathname + there.search) {
    pane.contentWindow.signpostShow?.(there.hash);
  } else {
    // Replaced, so that Back leaves the pane instead of walking through every quote.
    here.replace(there.href);
  }
  document.body.classList.toggle("sp-page-open", state);
  fence();
  // The page takes the focus when it has loaded; until then it is not left on what is covered.
  if (!isWide()) { document.querySelector("[data-close-pane]").focus(); }
}

// What the document covers is out of reach of the keyboard and of a screen reader.
function fence() {
  const covered = document.body.classList.contains("sp-page-open") && !isWide();
  for (const part of document.querySelectorAll(".sp-skip, .sp-header, #talk")) { part.inert = covered; }
}
window.matchMedia("(min-width: 1024px)").addEventListener("change", fence);

function closePane() {
  document.body.classList.remove("sp-page-open");
  fence();
  if (cameFrom && cameFrom.isConnected) { cameFrom.focus({ preventScroll: true }); }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[target="page"]');
  if (!link || !paneOf() || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
  event.preventDefault();
  cameFrom = link;
  window.history.pushState({ page: link.href }, "");
  showInPane(link.href, true);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-pane]")) { window.history.back(); }
});
window.addEventListener("popstate", (event) => {
  if (event.state && event.state.page) { showInPane(event.state.page, true); } else { closePane(); }
});
// Escape, in the page or here, goes back to the link that led there.
document.addEventListener("sp-back", () => {
  if (isWide()) { closePane(); } else { window.history.back(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("sp-page-open")) {
    document.dispatchEvent(new CustomEvent("sp-back"));
  }
});

// The way past the head leads into the question box itself; a fragment would only scroll to it.
document.addEventListener("click", (event) => {
  if (!event.target.closest('.sp-skip[href="#question"]')) { return; }
  event.preventDefault();
  document.querySelector("#question textarea").focus();
});

// Buttons in the transcript: some press one of Gradio's own, some ask what they say.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-press], [data-ask]");
  if (!button) { return; }
  const box = document.querySelector("#question textarea");
  if (button.dataset.press) {
    document.getElementById(button.dataset.press).click();
  } else {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, button.dataset.ask);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => document.getElementById("ask").click());
  }
  // The button goes away with its answer; the focus moves to the question box, not to nowhere.
  if (isWide()) { box.focus({ preventScroll: true }); } else { document.getElementById("ask").focus({ preventScroll: true }); }
});

// A keyboard on the screen would cover the answer; it goes away with the focus of the box. Who types on
// already, or has words in the box to mend, goes on.
function putKeyboardAway() {
  const box = document.querySelector("#question textarea");
  const isTouched = !isWide() && window.matchMedia("(pointer: coarse)").matches;
  if (isTouched && document.activeElement === box && !box.value) {
    document.getElementById("ask").focus({ preventScroll: true });
  }
}

// When an answer has come: its beginning is brought into view and announced once.
const announcer = document.createElement("p");
announcer.setAttribute("role", "status");
announcer.className = "sp-hidden";
let newestSeen = null;
new MutationObserver(() => {
  if (!announcer.isConnected && document.getElementById("question")) {
    document.body.append(announcer);
  }
  const newest = document.getElementById("newest") || document.getElementById("pending");
  if (newest && newest !== newestSeen) {
    newestSeen = newest;
    if (newest.id === "newest") { putKeyboardAway(); }
    newest.scrollIntoView({ block: "start" });
    if (newest.dataset.announce) { announcer.textContent = newest.dataset.announce; }
  }
}).observe(document.documentElement, { childList: true, subtree: true });
