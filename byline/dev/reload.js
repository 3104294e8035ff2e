// Reloads this page when its own tag has changed; other pages' changes leave it alone.
const script = document.currentScript;
let first = true;

async function compare() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && answer.headers.get("ETag") !== script.dataset.tag) location.reload();
}

const events = new EventSource(script.dataset.events);
events.addEventListener("change", compare);
events.addEventListener("open", () => {
  if (!first) compare();  // the server was away
  first = false;
});
