// What a citation looks like in a text: the title of its source in place of its key, once the server has said it.
import { ask } from "./requests.js";
import { say } from "./words.js";

const LONGEST = 30;
const titles = new Map();
const waiting = new Map();
let timer = null;

function shortened(title) {
  return title.length > LONGEST ? `${title.slice(0, LONGEST).trimEnd()}…` : title;
}

function show(mark, key) {
  const title = titles.get(key);
  if (title === undefined) mark.textContent = say("[Source: {title}]", { title: key });
  else mark.textContent = title ? say("[Source: {title}]", { title: shortened(title) }) : say("[Source not found: {key}]", { key });
}

async function askTitles(url) {
  const keys = [...waiting.keys()];
  const marks = new Map(waiting);
  waiting.clear();
  try {
    const response = await ask(`${url}?${new URLSearchParams({ keys: keys.join(" ") })}`, {}, "application/json");
    const { items } = await response.json();
    for (const key of keys) titles.set(key, "");
    for (const { key, title } of items) titles.set(key, title || key);
  } catch {
    // The keys stay: they say as much, to fewer people.
    return;
  }
  for (const [key, elements] of marks) elements.forEach((mark) => show(mark, key));
}

// Makes the view of a citation.
export function sourceMarks(url) {
  return (node) => {
    const { key } = node.attrs;
    const dom = document.createElement("span");
    dom.className = "citation";
    dom.dataset.citation = key;
    show(dom, key);
    if (!titles.has(key)) {
      waiting.set(key, [...(waiting.get(key) || []), dom]);
      clearTimeout(timer);
      timer = setTimeout(() => askTitles(url), 50);
    }
    return { dom };
  };
}
