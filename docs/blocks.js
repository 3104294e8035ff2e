// Outlines what is between the comments `<!--name-->` and `<!--/name-->`, and labels it with the name.
() => {
  const colours = ["#0b6bcb", "#b3261e", "#1a7f37"];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const open = [], found = [];
  while (walker.nextNode()) {
    const comment = walker.currentNode;
    if (comment.data.startsWith("/")) {
      const { start, depth } = open.pop();
      const range = new Range();
      range.setStartAfter(start);
      range.setEndBefore(comment);
      let first = start.nextSibling;
      while (first.nodeType === Node.TEXT_NODE) first = first.nextSibling;
      const isHidden = first.matches?.(".hidden");  // a heading for screen readers
      found.push({ name: start.data, depth, isHidden, box: range.getBoundingClientRect() });
    } else open.push({ start: comment, depth: open.length });
  }
  for (const { name, depth, isHidden, box } of found) {
    const outline = document.createElement("div"), label = document.createElement("b");
    const grow = 12 - 5 * depth, side = Math.max(2, Math.min(box.left, 60) - grow);
    Object.assign(outline.style, {
      position: "absolute", boxSizing: "border-box", border: `${isHidden ? 0 : 2}px solid ${colours[depth]}`,
      left: `${side}px`, width: `${innerWidth - 2 * side}px`,
      top: `${box.top + scrollY - grow / 3}px`, height: `${Math.max(box.height, 26) + (2 * grow) / 3}px`,
    });
    Object.assign(label.style, {
      position: "absolute", top: 0, [isHidden ? "left" : "right"]: `${6 + depth * 100}px`, padding: "0 .5rem",
      color: "white", background: colours[depth], font: "bold 20px/26px monospace",
    });
    label.textContent = name;
    outline.append(label);
    document.body.append(outline);
  }
}
