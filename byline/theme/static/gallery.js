// The pictures of a gallery in full, one at a time. Without this script, each is a link to its file.

const element = (name, values, ...children) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
};

for (const gallery of document.querySelectorAll(".gallery")) {
  const links = [...gallery.querySelectorAll(".enlarge")];
  const words = gallery.dataset;
  const caption = element("figcaption", { ariaLive: "polite" });
  const figure = element("figure", {}, "", caption);
  let at = 0;
  const show = (number) => {
    at = (number + links.length) % links.length;
    const copy = links[at].firstElementChild.cloneNode(true);
    const shown = element("div", {}, copy);
    shown.querySelectorAll("[sizes]").forEach((one) => { one.sizes = "100vw"; });
    const picture = shown.querySelector("img");
    picture.loading = "eager";
    const place = words.of.replace("{number}", at + 1).replace("{total}", links.length);
    caption.textContent = [picture.title || picture.alt, place].filter(Boolean).join(" · ");
    figure.firstChild.replaceWith(copy);
  };
  const button = (sign, label, onclick) => element("button", { type: "button", ariaLabel: label, onclick }, sign);
  const row = element("p", {}, button("‹", words.previous, () => show(at - 1)), button("×", words.close, () => box.close()),
    button("›", words.next, () => show(at + 1)));
  const box = element("dialog", { className: "lightbox" }, figure, row);
  box.addEventListener("keydown", ({ key }) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step) show(at + (getComputedStyle(box).direction === "rtl" ? -step : step));
  });
  links.forEach((link, number) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(number);
    box.onclose = () => link.focus();
    box.showModal();
  }));
  gallery.append(box);
}
