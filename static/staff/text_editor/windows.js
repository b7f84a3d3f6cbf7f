// The windows of one text: for a link, a source, a picture.
import { TextSelection } from "./vendor/prosemirror.js";
import { labeled, makeElement, openWindow, searchList } from "./chooser.js";
import { insertAtom } from "./commands.js";
import { isAllowedTarget, withoutOwnSite } from "./targets.js";
import { RefusedRequest } from "./requests.js";
import { uploadPicture } from "./source_view.js";
import { say } from "./words.js";

function backTo(view) {
  return () => view.focus();
}

// The whole link that the cursor stands in, if it marks nothing else.
function rangeOfLink(state, type) {
  const { $from, from, to, empty } = state.selection;
  if (!empty) return { from, to };
  const mark = type.isInSet($from.marks());
  if (!mark) return { from, to };
  let start = $from.start();
  let end = start;
  $from.parent.forEach((node, offset) => {
    const at = $from.start() + offset;
    if (!mark.isInSet(node.marks)) {
      if (at < from) start = at + node.nodeSize;
    } else if (at <= from || end === at) end = at + node.nodeSize;
  });
  return { from: start, to: end };
}

function setLink(view, href, words) {
  const { state } = view;
  const type = state.schema.marks.link;
  const { from, to } = rangeOfLink(state, type);
  let { tr } = state;
  if (from === to) {
    const text = state.schema.text(words || href, [...state.selection.$from.marks(), type.create({ href })]);
    tr = tr.replaceSelectionWith(text, false);
  } else {
    tr = tr.removeMark(from, to, type).addMark(from, to, type.create({ href }));
    tr = tr.setSelection(TextSelection.create(tr.doc, to));
  }
  view.dispatch(tr.removeStoredMark(type).scrollIntoView());
}

// An address as people type it: without https, an e-mail address, a telephone number.
function typedTarget(typed) {
  if (!typed) return "";
  const target = withoutOwnSite(typed);
  if (isAllowedTarget(target)) return target;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed)) return `mailto:${typed}`;
  if (/^\+?[\d\s().-]{5,}$/.test(typed)) return `tel:${typed.replace(/[\s().]/g, "")}`;
  if (/^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(typed)) return `https://${typed}`;
  return "";
}

export function openLink(view, urls) {
  const type = view.state.schema.marks.link;
  const range = rangeOfLink(view.state, type);
  const current = type.isInSet(view.state.selection.$from.marks()) || null;
  const window = openWindow(say("Link"), backTo(view));
  const choose = ({ url, title }) => {
    window.close();
    setLink(view, url, title);
  };
  const found = searchList({
    label: say("Find a page of this site, or type an address"),
    url: urls.pages,
    show: ({ title, kind }) => [makeElement("strong", {}, title), ` ${kind}`],
    onChoose: choose,
    nothing: say("No page has these words."),
    first: (typed) => {
      const url = typedTarget(typed);
      return url && { label: say("Use {address}", { address: url }), value: { url, title: "" } };
    },
  });
  window.body.append(...found.elements);
  if (current || view.state.doc.rangeHasMark(range.from, range.to, type)) {
    const remove = makeElement("button", { type: "button" }, say("Take the link out"));
    remove.addEventListener("click", () => {
      window.close();
      view.dispatch(view.state.tr.removeMark(range.from, range.to, type));
    });
    if (current) window.body.prepend(makeElement("p", {}, say("Now: {address}", { address: current.attrs.href })));
    window.body.append(remove);
  }
  found.field.focus();
}

export function openSource(view, urls) {
  const window = openWindow(say("Source"), backTo(view));
  const found = searchList({
    label: say("Find a source by its title, publisher or author"),
    url: urls.sources,
    show: ({ title, publisher, key, withdrawn }) => [
      makeElement("strong", {}, title || key),
      ` ${publisher} `,
      ...(withdrawn ? [makeElement("em", {}, say("Withdrawn: {why}", { why: withdrawn }))] : []),
    ],
    onChoose: ({ key }) => {
      window.close();
      const { state } = view;
      // Put behind what is selected, never in its place.
      const at = state.selection.to;
      view.dispatch(state.tr.insert(at, state.schema.nodes.citation.create({ key })).scrollIntoView());
    },
    nothing: say("No source has these words. Add it to the list of sources first."),
  });
  window.body.append(...found.elements);
  found.field.focus();
}

function describePicture(view, window, url, words) {
  const field = makeElement("input", { type: "text", autocomplete: "off", required: "", value: words });
  const problem = makeElement("p", { role: "status" });
  const put = makeElement("button", { type: "button" }, say("Put the picture in"));
  const finish = () => {
    const alt = field.value.trim();
    if (!alt) {
      problem.textContent = say("Write what the picture shows, for people who cannot see it.");
      field.focus();
      return;
    }
    window.close();
    insertAtom(view.state.schema.nodes.image, { src: url, alt })(view.state, view.dispatch);
  };
  put.addEventListener("click", finish);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") finish();
  });
  const picture = makeElement("img", { src: url, alt: "" });
  window.body.replaceChildren(picture, labeled(say("What does it show?"), field), problem, put);
  field.focus();
}

async function uploadInto(view, textarea, window, file, status) {
  try {
    const code = await uploadPicture(textarea, file);
    describePicture(view, window, /\]\((\S+)\)$/.exec(code)[1], "");
  } catch (error) {
    status.textContent = error instanceof RefusedRequest ? error.message : String(error);
  }
}

export function openPicture(view, urls, textarea, file = null) {
  const window = openWindow(say("Picture"), backTo(view));
  const status = makeElement("p", { role: "status" });
  if (file) {
    window.body.append(status);
    uploadInto(view, textarea, window, file, status);
    return;
  }
  const upload = makeElement("input", { type: "file", accept: "image/jpeg,image/png,image/webp" });
  upload.addEventListener("change", () => uploadInto(view, textarea, window, upload.files[0], status));
  const found = searchList({
    label: say("Or find one that is here already"),
    url: urls.pictures,
    show: ({ url, words }) => [makeElement("img", { src: url, alt: "", loading: "lazy" }), words || say("A picture without words")],
    onChoose: ({ url, words }) => describePicture(view, window, url, words),
    nothing: say("No picture has these words."),
  });
  window.body.append(labeled(say("A file from this computer"), upload), status, ...found.elements);
}
