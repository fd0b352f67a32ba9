// Links to the page open in the pane beside the conversation where there is one, else in a tab of
// their own, so that the conversation is never lost.
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest('a[target="page"]');
  const pane = document.getElementById("page-pane");
  if (link && !(pane && pane.offsetParent !== null)) {
    event.preventDefault();
    window.open(link.href, "_blank", "noopener");
  }
});

// When an answer has come: its beginning is brought into view and announced once. Focus stays.
const announcer = document.createElement("p");
announcer.setAttribute("role", "status");
announcer.className = "sp-hidden";
let turnsSeen = 0;
new MutationObserver(() => {
  const turns = document.querySelectorAll(".sp-turn").length;
  const newest = document.getElementById("newest");
  if (!newest || turns === turnsSeen) { return; }
  turnsSeen = turns;
  newest.scrollIntoView({ block: "start" });
  announcer.textContent = newest.dataset.announce;
}).observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("DOMContentLoaded", () => document.body.append(announcer));
