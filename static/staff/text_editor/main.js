// Finds the texts of a form, also in rows that are added later, and shows each as text where that harms nothing.
import { TextField } from "./field.js";
import { ask, RefusedRequest, token } from "./requests.js";
import { say } from "./words.js";

// Which view was last chosen, for this browser window only.
const CHOICE = "text-editor-view";
const fields = new Map();

function wantsSource() {
  return sessionStorage.getItem(CHOICE) === "source";
}

// The guard: shows as text those of the fields that the server renders alike before and after. Few need the server, for
// most texts are written as they were read.
async function showAsText(wanted) {
  const asked = [];
  for (const field of wanted) {
    const reading = field.read();
    if (!reading) field.refuse();
    else if (field.isUnchangedBy(reading)) field.showText(reading);
    else asked.push({ field, reading });
  }
  if (!asked.length) return;
  const pairs = asked.map(({ field, reading }) => ({ before: reading.text, after: reading.rewritten, inline: field.isLine }));
  try {
    const headers = { "X-CSRFToken": token(), "Content-Type": "application/json" };
    const url = asked[0].field.textarea.dataset.compareUrl;
    const response = await ask(url, { method: "POST", headers, body: JSON.stringify({ pairs }) }, "application/json");
    const { same } = await response.json();
    asked.forEach(({ field, reading }, index) => {
      // Whoever has begun to type in the Markdown is left there.
      if (!same[index]) field.refuse();
      else if (document.activeElement !== field.textarea || field.isWanted) field.showText(reading);
    });
  } catch (error) {
    const why = error instanceof RefusedRequest ? error.message : String(error);
    for (const { field } of asked) field.stayAsSource(`${say("This text stays as Markdown, for it could not be checked.")} ${why}`);
  }
}

async function switchTo(field, view) {
  sessionStorage.setItem(CHOICE, view);
  if (view === "source") {
    field.showSource();
    field.focus();
  } else if (!field.view) {
    field.isWanted = true;
    await showAsText([field]);
    field.focus();
  }
}

function open(boxes) {
  const found = boxes
    .filter((box) => box.isConnected && !fields.has(box))
    .map((box) => {
      const field = new TextField(box, { onSwitch: switchTo });
      fields.set(box, field);
      return field;
    });
  if (!wantsSource()) showAsText(found);
}

// A text that nobody looks at stays a plain field: a page may have two hundred.
const nearby = new IntersectionObserver(
  (entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    for (const box of seen) nearby.unobserve(box);
    open(seen);
  },
  { rootMargin: "100% 0px" },
);

function start(root) {
  for (const box of root.querySelectorAll(".markdownx")) {
    if (!box.closest(".empty-form") && !fields.has(box)) nearby.observe(box);
  }
}

function fieldAround(element) {
  return fields.get(element.closest(".markdownx"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".markdownx .writing-help-jump");
  if (button) fieldAround(button).showPlace(Number(button.dataset.start), Number(button.dataset.end));
});

// A preview that comes late takes the place of the button that the keyboard has just reached.
let reached = null;
document.addEventListener("focusin", (event) => {
  reached = event.target.closest(".writing-help-jump");
});
document.addEventListener(
  "markdownx.update",
  (event) => {
    if (reached && !reached.isConnected && document.activeElement === document.body) {
      const same = `.writing-help-jump[data-start="${reached.dataset.start}"]`;
      const button = event.target.querySelector(same) || event.target.querySelector(".writing-help-jump");
      (button || fieldAround(event.target)).focus();
    }
  },
  true,
);

// A problem or finding leads to the plain field, in whose place the words may stand.
function goTo(hash) {
  const plain = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  const box = plain && plain.matches(".markdownx-editor") && plain.closest(".markdownx");
  if (box) {
    nearby.unobserve(box);
    open([box]);
  }
  const field = [...fields.values()].find(({ view, textarea }) => view && hash === `#${textarea.id}`);
  if (!field) return false;
  field.focus();
  field.frame.scrollIntoView({ block: "center" });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='#']");
  const isHere = link && link.origin + link.pathname === window.location.origin + window.location.pathname;
  if (isHere && goTo(link.hash)) event.preventDefault();
});
window.addEventListener("load", () => goTo(window.location.hash));

// What cannot be kept as it looks is not saved in silence.
document.addEventListener(
  "submit",
  (event) => {
    const wrong = [...fields.values()].find((field) => event.target.contains(field.box) && !field.check());
    if (wrong) {
      event.preventDefault();
      wrong.focus();
    }
  },
  true,
);

// A file that is dropped beside a text would take the place of the page, and all that was typed.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

for (const name of ["formset:added", "row:opened"]) document.addEventListener(name, (event) => start(event.target));
document.addEventListener("row:reached", (event) => goTo(event.detail));
start(document);
