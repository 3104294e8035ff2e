// Search on a static host: Pagefind's index if there is one, in the look of the server's own page.

const place = document.querySelector("[data-results]");
const field = document.querySelector("#page-query");
const status = place.querySelector("[role=status]");
const list = place.querySelector("ol");
const say = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const entry = async (result) => {
  const page = await result.data();
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = page.url;
  link.textContent = page.meta.title;
  const text = document.createElement("p");
  text.innerHTML = page.excerpt; // Pagefind's own: escaped text with <mark>
  item.append(link, " ", text);
  const about = document.createElement("p");
  about.className = "meta";
  const bytes = Uint8Array.from(page.meta.shown.slice(1).match(/../g), (byte) => parseInt(byte, 16));
  const [people, date, picture] = JSON.parse(new TextDecoder().decode(bytes)); // where no query finds them
  for (const words of [people, date]) {
    if (words) about.append(Object.assign(document.createElement("span"), { textContent: words }), " ");
  }
  item.append(about);
  if (picture) item.append(Object.assign(document.createElement("img"), { src: picture, alt: "", loading: "lazy" }));
  return item;
};

const search = async (query) => {
  const pagefind = await import(place.dataset.results);
  // As heavy as in the server's index.
  await pagefind.options({ excerptLength: 30, ranking: { metaWeights: { title: 10, dek: 5, names: 4 } } });
  const { results } = await pagefind.search(query.replaceAll("ß", "ss"));
  const items = await Promise.all(results.slice(0, 20).map(entry));
  const template = results.length === 1 ? "one" : results.length ? "many" : "none";
  status.textContent = say(place.dataset[template], { query, n: results.length });
  list.replaceChildren(...items);
};

// A server's answer is already in the page; only a static host answers a query with the bare page.
const asked = new URLSearchParams(location.search).get("q");
if (asked && !list.children.length && !field.value) {
  field.value = asked;
  search(asked).catch(() => { status.textContent = say(place.dataset.none, { query: asked }); });
}
