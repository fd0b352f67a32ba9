// Links to the page open in the pane beside the conversation where there is one, else in a tab of
// their own, so that the conversation is never lost.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[target="page"]');
  const pane = document.getElementById("page-pane");
  if (link && !(pane && pane.offsetParent !== null)) {
    event.preventDefault();
    window.open(link.href, "_blank", "noopener");
  }
});

// A button that asks goes away with its answer; the focus moves to the question box, not to nowhere.
document.addEventListener("click", (event) => {
  if (event.target.closest("#starters button, #exactly")) {
    document.querySelector("#question textarea").focus({ preventScroll: true });
  }
});

// When an answer has come: its beginning is brought into view and announced once. Focus stays.
const announcer = document.createElement("p");
announcer.setAttribute("role", "status");
announcer.className = "sp-hidden";
let newestSeen = null;
new MutationObserver(() => {
  if (!announcer.isConnected && document.getElementById("question")) {
    document.body.append(announcer);
  }
  const newest = document.getElementById("newest");
  if (newest && newest !== newestSeen) {
    newestSeen = newest;
    newest.scrollIntoView({ block: "start" });
    announcer.textContent = newest.dataset.announce;
  }
}).observe(document.documentElement, { childList: true, subtree: true });
