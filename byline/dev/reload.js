// The writer's browser: reloads this page when it has changed, and shows errors over its last good state.
const script = document.currentScript;
const { events, errors, here, style } = script.dataset;
let { tag, shape } = script.dataset;
let overlay;
let busy = false, again = false;

// The writer's place on the page: browsers forget it if a page is loaded again right after it was scrolled.
const [place, address] = (sessionStorage.getItem("byline-place") ?? "").split(" ");
sessionStorage.removeItem("byline-place");
if (address === location.href) { // at once: at the end of loading the writer may be elsewhere
  history.scrollRestoration = "manual";
  scrollTo(0, Number(place));
  addEventListener("pagehide", () => { history.scrollRestoration = "auto"; }); // for who comes back to it
}

// Faults come as HTML from the dev server. They go into a shadow tree, so that their styles and the page's do not mix.
function show(faults) {
  hide();
  overlay = document.createElement("div");
  const root = overlay.attachShadow({ mode: "open" });
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  close.addEventListener("click", hide);
  const box = document.createElement("section");
  box.className = "overlay";
  box.setAttribute("role", "alert");
  box.append(close, document.importNode(faults, true));
  root.append(link, box);
  document.body.append(overlay);
}

function hide() {
  overlay?.remove();
  overlay = undefined;
}

const get = (address) => fetch(address, { cache: "no-store" }).catch(() => null);
const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const faultsIn = (page) => page.querySelector("[data-faults]");

// A small pill: what is wrong with this page, the way to the desk, and a switch to what readers see.
const pill = document.createElement("div");

async function showPill() {
  const answer = here && await get(`${here}here?url=${encodeURIComponent(location.pathname)}`);
  if (!answer?.ok) return;
  const { problems, drafts } = await answer.json();
  const root = pill.shadowRoot ?? pill.attachShadow({ mode: "open" });
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  const box = Object.assign(document.createElement("aside"), { className: "pill", ariaLabel: "For the writer" });
  const desk = Object.assign(document.createElement("a"), { href: `${here}desk`, textContent: "desk" });
  const words = drafts ? "as readers see it" : "with drafts";
  const view = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  view.addEventListener("click", () => fetch(`${here}view`, { method: "POST" }));
  if (problems) box.append(Object.assign(document.createElement("b"), { textContent: problems }), " · ");
  box.append(desk, " · ", view);
  root.replaceChildren(link, box);
  document.body.append(pill);
}

async function faultsOfSite() {
  if (!errors) return null;  // the desk lists them itself
  const answer = await get(errors);
  return answer && faultsIn(await parsed(answer));
}

// An answer that Byline did not write: the program itself is broken.
function faultOfProgram(page) {
  const text = page.querySelector(".errormsg")?.textContent ?? "See the server's terminal.";
  const faults = document.createElement("div");
  faults.append(Object.assign(document.createElement("h2"), { textContent: "The program has an error" }));
  faults.append(Object.assign(document.createElement("pre"), { textContent: text.trim() }));
  return faults;
}

const addresses = (page, selector, name) => [...page.querySelectorAll(selector)].map((item) => item.getAttribute(name));
const scripts = (page) => addresses(page, "head script[src]", "src").join(" ");

// True if only stylesheets have changed; then the new ones are put in place.
function swapped(page, newShape) {
  if (!shape || newShape !== shape || scripts(page) !== scripts(document)) return false;
  const fresh = addresses(page, "link[rel=stylesheet]", "href");
  document.querySelectorAll("link[rel=stylesheet]").forEach((old, at) => {
    if (old.getAttribute("href") === fresh[at]) return;
    const link = old.cloneNode();
    link.href = fresh[at];
    link.addEventListener("load", () => old.remove());
    old.after(link);
  });
  return true;
}

async function look() {
  const answer = await get(location.href);
  if (!answer) return;  // the server is away: the stream tells when it is back
  const newTag = answer.headers.get("ETag") ?? "";
  const page = await parsed(answer);
  const own = answer.status >= 500 ? faultsIn(page) ?? faultOfProgram(page) : null;
  const faults = own ?? await faultsOfSite();
  const newShape = answer.headers.get("X-Byline-Shape");
  const isSame = answer.ok && newTag === tag && (tag || newShape === shape);
  if (own || (faults && answer.status === 404) || isSame) {
    if (faults) show(faults); else hide();
    showPill();
  } else if (answer.ok && swapped(page, newShape)) {
    tag = newTag;
    hide();
    showPill();
  } else {
    // Only when the page goes: until then the writer may scroll on.
    addEventListener("pagehide", () => sessionStorage.setItem("byline-place", `${scrollY} ${location.href}`));
    location.reload();
  }
}

async function compare() {
  again = true;
  if (busy) return;
  busy = true;
  while (again) {
    again = false;
    await look();
  }
  busy = false;
}

// One tab listens for all, because a browser opens at most six connections to a server.
const channel = new BroadcastChannel(`byline ${location.host}`);
channel.addEventListener("message", compare);
const tell = () => { channel.postMessage(""); compare(); };

function listen(isFirst = true) {
  const stream = new EventSource(events);
  stream.addEventListener("change", tell);
  stream.addEventListener("open", () => {
    if (isFirst) compare();  // something may have been saved since this page was made
    else tell();  // the server was away
    isFirst = false;
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000, false);
  });
}

if (navigator.locks) navigator.locks.request(`byline ${location.host}`, () => new Promise(() => listen()));
else listen();
showPill();
if (script.dataset.broken) faultsOfSite().then((faults) => faults && show(faults));
