// Windows in which something is found and chosen: a link, a source, a picture.
import { ask, RefusedRequest } from "./requests.js";
import { say } from "./words.js";

const DELAY = 250;
let count = 0;

export function makeElement(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A window with a title; `close` ends it. Its focus goes back to where it was, by the browser or by `onClose`.
export function openWindow(title, onClose) {
  const id = `text-editor-window-${++count}`;
  const heading = makeElement("h2", { id }, title);
  const cancel = makeElement("button", { type: "button", class: "text-editor-cancel" }, say("Cancel"));
  const body = makeElement("div");
  const dialog = makeElement("dialog", { class: "text-editor-window", "aria-labelledby": id }, heading, body, cancel);
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
  });
  // Outside the form, so that Enter in its fields saves nothing.
  document.body.append(dialog);
  dialog.showModal();
  return { body, close: () => dialog.close(), id };
}

export function labeled(label, field) {
  const id = `text-editor-field-${++count}`;
  field.id = id;
  return makeElement("p", {}, makeElement("label", { for: id }, label), field);
}

// A field to search with, and a list of what the server found, each a button.
export function searchList({ label, url, show, onChoose, nothing, first = () => null }) {
  const field = makeElement("input", { type: "text", autocomplete: "off" });
  const status = makeElement("p", { role: "status" });
  const list = makeElement("ul", { class: "text-editor-found" });
  let request = null;
  let timer = null;

  function row(content, choose) {
    const button = makeElement("button", { type: "button" }, ...content);
    button.addEventListener("click", choose);
    return makeElement("li", {}, button);
  }

  async function search() {
    timer = null;
    request?.abort();
    const mine = (request = new AbortController());
    const own = first(field.value.trim());
    const rows = own ? [row([own.label], () => onChoose(own.value))] : [];
    try {
      const response = await ask(`${url}?${new URLSearchParams({ q: field.value })}`, { signal: mine.signal }, "application/json");
      const { items } = await response.json();
      if (mine !== request) return;
      rows.push(...items.map((item) => row(show(item), () => onChoose(item))));
      status.textContent = rows.length ? say("{count} found", { count: rows.length }) : nothing;
    } catch (error) {
      if (error.name === "AbortError") return;
      status.textContent = error instanceof RefusedRequest ? error.message : String(error);
    }
    list.replaceChildren(...rows);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, DELAY);
  });
  // From the field to what was found, and back, with the arrow keys as well.
  field.addEventListener("keydown", async (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    if (timer) {
      clearTimeout(timer);
      await search();
    }
    list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    (buttons[buttons.indexOf(event.target) + step] || field).focus();
  });
  search();
  return { elements: [labeled(label, field), status, list], field };
}
