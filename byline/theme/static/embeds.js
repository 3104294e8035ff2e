// Players of other sites: nothing of them is loaded before a reader asks for it. Without this script, there is a link.

for (const figure of document.querySelectorAll(".embed")) {
  const link = figure.querySelector("a");
  const button = document.createElement("button");
  button.type = "button";
  button.append(...link.childNodes);
  figure.dataset.address = link.href; // in print
  link.replaceWith(button);
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.title = figure.dataset.title;
    frame.allow = "autoplay; clipboard-write; encrypted-media; fullscreen; picture-in-picture; web-share";
    frame.sandbox = "allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation allow-same-origin allow-scripts";
    frame.src = figure.dataset.frame;
    frame.addEventListener("load", () => {
      if (document.activeElement === frame) frame.contentWindow.focus(); // it has lost it while it loaded
    }, { once: true });
    button.replaceWith(frame);
    frame.focus();
  });
}
