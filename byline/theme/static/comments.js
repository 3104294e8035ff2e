// Comments of a third party: loaded when a reader comes near them, in the scheme that the page has.

const root = document.documentElement;
const holder = document.querySelector("template[data-comments]");
const { theme, themes = "" } = holder.dataset;
const chosen = () => themes.split(" ")[["light", "dark"].indexOf(root.dataset.scheme) + 1];

new IntersectionObserver((entries, observer) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  observer.disconnect();
  const script = holder.content.firstElementChild.cloneNode();
  if (theme) script.setAttribute(theme, chosen());
  holder.before(script);
}, { rootMargin: "600px" }).observe(holder.parentElement);

// The light switch: giscus and utterances each understand their part of the message.
new MutationObserver(() => {
  const frame = holder.parentElement.querySelector("iframe");
  if (!theme || !frame) return;
  const message = { giscus: { setConfig: { theme: chosen() } }, type: "set-theme", theme: chosen() };
  frame.contentWindow.postMessage(message, new URL(frame.src).origin);
}).observe(root, { attributeFilter: ["data-scheme"] });
