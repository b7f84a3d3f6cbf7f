// One text of a form: as text where that is safe, as Markdown where it is not or is wanted. The plain field stays what the
// form sends; a text that nobody changes is never written anew.
import { TextSelection } from "./vendor/prosemirror.js";
import { saySame } from "./comparison.js";
import { OriginalText, writeMarkdown } from "./markdown_writer.js";
import { readMarkdown } from "./markdown_reader.js";
import { acceptPictures, Preview } from "./source_view.js";
import { openTextView, schemaOf } from "./text_view.js";
import { Toolbar, toolsFor } from "./toolbar.js";
import { openLink, openPicture, openSource } from "./windows.js";
import { makeElement } from "./chooser.js";
import { say } from "./words.js";

const CHECK_DELAY = 300;

function nameOf(textarea) {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  return label ? label.textContent.replace(/:\s*$/, "").trim() : "";
}

export class TextField {
  constructor(box, { onSwitch }) {
    this.box = box;
    this.textarea = box.querySelector(".markdownx-editor");
    this.name = nameOf(this.textarea);
    this.isLine = /[?&]inline=1/.test(this.textarea.dataset.markdownxUrlsPath);
    this.urls = {
      pages: this.textarea.dataset.pagesUrl,
      sources: this.textarea.dataset.sourcesUrl,
      pictures: this.textarea.dataset.picturesUrl,
    };
    this.onSwitch = onSwitch;
    this.toolbar = new Toolbar({
      label: say("Tools for {name}", { name: this.name }),
      tools: toolsFor(schemaOf(this.isLine)),
      onTool: (tool) => this.use(tool),
      onSwitch: (view) => onSwitch(this, view),
    });
    this.notice = makeElement("p", { class: "text-editor-notice", role: "status" });
    this.frame = makeElement("div", { class: "text-editor" }, this.toolbar.element);
    // Moving a field takes the focus from whoever is typing in it.
    const { selectionStart, selectionEnd } = this.textarea;
    const hadFocus = document.activeElement === this.textarea;
    this.textarea.before(this.frame);
    this.frame.append(this.textarea, this.notice);
    if (hadFocus) {
      this.textarea.focus({ preventScroll: true });
      this.textarea.setSelectionRange(selectionStart, selectionEnd);
    }
    this.toolbar.show("source", null);
    this.preview = new Preview(box, this.textarea, this.name);
    acceptPictures(this.textarea, (problem) => this.say(problem));
    document.querySelector(`label[for="${this.textarea.id}"]`)?.addEventListener("click", () => this.view?.focus());
  }

  say(...sentences) {
    this.notice.textContent = sentences.filter(Boolean).join(" ");
  }

  // The text as the editor would write it; null where it has no form for it.
  read() {
    try {
      const original = new OriginalText(this.textarea.value, { isLine: this.isLine });
      const rewritten = writeMarkdown(original.doc);
      if (!saySame(readMarkdown(rewritten, { isLine: this.isLine }), original.doc)) return null;
      return { original, rewritten, text: this.textarea.value };
    } catch {
      // A text that the parser or the schema has no place for.
      return null;
    }
  }

  isUnchangedBy({ rewritten, text }) {
    return rewritten === text.trim() || (this.isLine && rewritten === text.split(/\s+/).filter(Boolean).join(" "));
  }

  stayAsSource(message) {
    this.say(message);
    this.toolbar.show("source", null);
  }

  refuse() {
    this.stayAsSource(say("This text stays as Markdown: it has something that cannot be shown as text without changing it."));
  }

  showText({ original, text }) {
    if (this.textarea.value !== text) return;
    this.say();
    this.original = original;
    const place = makeElement("div", { class: "text-editor-words" });
    const described = this.textarea.getAttribute("aria-describedby");
    const invalid = this.textarea.getAttribute("aria-invalid");
    const hadFocus = document.activeElement === this.textarea;
    this.textarea.before(place);
    this.textarea.hidden = true;
    this.view = openTextView(place, {
      doc: original.doc,
      isLine: this.isLine,
      attributes: {
        "aria-label": this.name,
        ...(described ? { "aria-describedby": described } : {}),
        ...(invalid ? { "aria-invalid": invalid } : {}),
      },
      sourcesUrl: this.urls.sources,
      topLevel: Number(/[?&]level=(\d)/.exec(this.textarea.dataset.markdownxUrlsPath)?.[1] || 3),
      on: {
        change: () => this.write(),
        state: () => this.showState(),
        pasted: (leftOut) => this.tellPasted(leftOut),
        picture: (file) => openPicture(this.view, this.urls, this.textarea, file),
        link: () => openLink(this.view, this.urls),
      },
    });
    this.showState();
    this.preview.showLess();
    if (hadFocus) this.view.focus();
  }

  showSource() {
    this.check();
    this.view?.destroy();
    this.frame.querySelector(".text-editor-words")?.remove();
    this.view = null;
    this.textarea.hidden = false;
    this.toolbar.show("source", null);
    this.preview.showAll();
  }

  focus() {
    (this.view || this.textarea).focus();
  }

  showState() {
    if (this.view) this.toolbar.show("text", this.view.state);
  }

  use(tool) {
    if (tool.open === "link") openLink(this.view, this.urls);
    else if (tool.open === "source") openSource(this.view, this.urls);
    else if (tool.open === "picture") openPicture(this.view, this.urls, this.textarea);
    else {
      tool.run(this.view.state, this.view.dispatch);
      this.view.focus();
    }
  }

  // At every change, so that nothing can be sent that was typed and is not in the form.
  write() {
    const text = this.original.write(this.view.state.doc);
    if (text === this.textarea.value) return;
    this.textarea.value = text;
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check(), CHECK_DELAY);
  }

  // Reads back what is stored; false if that is not what stands here.
  check() {
    clearTimeout(this.checking);
    if (!this.view) return true;
    let isSame = false;
    try {
      isSame = saySame(readMarkdown(this.textarea.value, { isLine: this.isLine }), this.view.state.doc);
    } catch {
      isSame = false;
    }
    if (!isSame) this.say(say("This cannot be kept as you see it here. Undo the last step, or choose Markdown and look at the preview."));
    else if (this.hadProblem) this.say();
    this.hadProblem = !isSame;
    return isSame;
  }

  tellPasted({ pictures, struck, hasComments }) {
    const names = pictures.filter(Boolean).map((name) => `“${name}”`);
    const listed = names.length ? ` (${names.join(", ")})` : "";
    this.say(
      pictures.length > 0 && say("Pictures left out: {count}{listed}. Put them in with the button Picture.", { count: pictures.length, listed }),
      struck > 0 && say("Crossed-out passages left out: {count}.", { count: struck }),
      hasComments && say("Comments left out."),
    );
  }

  // Selects what a finding is about: a range of the Markdown.
  showPlace(start, end) {
    const words = this.textarea.value.slice(start, end);
    if (this.view && this.selectWords(words, this.textarea.value.slice(0, start).split(words).length - 1)) return;
    if (this.view) this.onSwitch(this, "source");
    this.textarea.focus({ preventScroll: true });
    this.textarea.setSelectionRange(start, end);
    const part = start / Math.max(1, this.textarea.value.length);
    this.textarea.scrollTop = part * this.textarea.scrollHeight - this.textarea.clientHeight / 2;
    const area = this.textarea.getBoundingClientRect();
    window.scrollBy(0, area.top + part * area.height - window.innerHeight / 2);
  }

  selectWords(words, earlier) {
    const found = findWords(this.view.state.doc, words)[earlier];
    if (!found) return false;
    const { state } = this.view;
    this.view.focus();
    this.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, found.from, found.to)));
    window.scrollBy(0, this.view.coordsAtPos(found.from).top - window.innerHeight / 2);
    return true;
  }
}

// Every place of some words within a block.
function findWords(doc, words) {
  const places = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, "", "\ufffc");
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      places.push({ from: pos + 1 + at, to: pos + 1 + at + words.length });
    }
    return false;
  });
  return places;
}
