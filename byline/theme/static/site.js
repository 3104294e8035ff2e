// Enhancements only: every page reads and works without them.

const root = document.documentElement;
const all = (selector, action) => document.querySelectorAll(selector).forEach(action);

// Light or dark, remembered.
all("[data-scheme-switch]", (button) => {
  button.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.scheme || system) === "dark" ? "light" : "dark";
    root.dataset.scheme = next;
    try { localStorage.setItem("scheme", next); } catch { /* then it is not remembered */ }
  });
});

// The table of contents stays open beside the text if there is room.
const wide = matchMedia("(min-width: 80rem)");
const unfold = () => all("[data-contents]", (contents) => { contents.open = wide.matches; });
wide.addEventListener("change", unfold);
unfold();

// Copying a link, and the device's own share sheet.
const copy = (button, text, done) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.textContent;
    await navigator.clipboard.writeText(text());
    button.textContent = done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
};
if (navigator.clipboard) {
  all("[data-copy-link]", (button) => copy(button, () => button.dataset.copyLink, button.dataset.done));
}
if (navigator.share) {
  all("[data-share]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {}));
  });
}

// Copying code: the link button holds the words for it.
const words = document.querySelector("[data-copy-code]");
if (words && navigator.clipboard) {
  all(".body pre", (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.dataset.copyCode;
    block.parentNode.insertBefore(button, block);
    copy(button, () => block.textContent, words.dataset.done);
  });
}

// Programs that copy sites, such as wget, leave out the files of <source>: then the picture's own is shown.
all("picture img", (image) => {
  const fall = () => image.parentNode.querySelectorAll("source").forEach((source) => source.remove());
  if (image.complete && image.currentSrc && !image.naturalWidth) fall();
  image.addEventListener("error", fall, { once: true });
});

// `/` goes to the search.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("[type=search]");
  const link = document.querySelector("[data-search]");
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.focus(); else location.href = link.href;
});
