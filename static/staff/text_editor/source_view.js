// The plain field of a text: its preview, always made by the server, and pictures that are dropped on it.
import { ask, formWith, RefusedRequest } from "./requests.js";
import { say } from "./words.js";

const DELAY = 500;
// In pixels: a phone held upright.
const NARROW = 520;

export class Preview {
  constructor(box, textarea, name) {
    this.element = box.querySelector(".markdownx-preview");
    this.box = box;
    this.textarea = textarea;
    // A group and not a region: a list of forty landmarks would help nobody.
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", `${textarea.dataset.preview}: ${name}`);
    this.element.dataset.empty = textarea.dataset.previewEmpty;
    this.fold = document.createElement("details");
    this.fold.className = "markdownx-fold";
    this.fold.open = true;
    this.summary = document.createElement("summary");
    this.summary.textContent = textarea.dataset.preview;
    this.element.before(this.fold);
    this.fold.append(this.summary, this.element);
    textarea.addEventListener("input", () => this.schedule());
    if (textarea.value.trim()) this.refresh();
  }

  // Beside text that looks as it will be read a small screen needs the preview only for what is to be mended.
  showLess() {
    if (this.box.clientWidth < NARROW && !this.hasProblems()) this.fold.open = false;
  }

  showAll() {
    this.fold.open = true;
  }

  hasProblems() {
    return this.element.querySelector(".markdown-problem, .markdown-problems, .writing-help-blocks") !== null;
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), DELAY);
  }

  async refresh() {
    // An answer to an earlier text must not take the place of a later one.
    this.request?.abort();
    const request = (this.request = new AbortController());
    try {
      const options = { method: "POST", body: formWith({ content: this.textarea.value }), signal: request.signal };
      const response = await ask(this.textarea.dataset.markdownxUrlsPath, options, "text/html");
      const html = await response.text();
      if (request !== this.request) return;
      this.element.innerHTML = html;
      const findings = this.element.querySelectorAll(".writing-help li").length;
      this.summary.textContent = this.textarea.dataset.preview + (findings ? ` (${say("Could be better:")} ${findings})` : "");
      if (this.hasProblems()) this.showAll();
    } catch (error) {
      if (error.name === "AbortError" || request !== this.request) return;
      this.showProblem(error);
    }
    this.box.dispatchEvent(new CustomEvent("markdownx.update"));
  }

  showProblem(error) {
    const problem = document.createElement("p");
    problem.className = "markdown-problem";
    problem.textContent = say("There is no preview now.") + " " + (error instanceof RefusedRequest ? error.message : "");
    this.element.replaceChildren(problem);
  }
}

// The address of an uploaded picture, from the Markdown that the server answers with.
export async function uploadPicture(textarea, file) {
  const response = await ask(
    textarea.dataset.markdownxUploadUrlsPath,
    { method: "POST", body: formWith({ image: file }) },
    "application/json",
  );
  return (await response.json()).image_code;
}

export function filesOf(transfer) {
  return [...(transfer?.files || [])];
}

export function acceptPictures(textarea, onProblem) {
  const accept = async (event, transfer) => {
    const files = filesOf(transfer);
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) {
      try {
        const code = await uploadPicture(textarea, file);
        textarea.focus();
        // The one way of putting words in that the browser can undo.
        document.execCommand("insertText", false, code);
      } catch (error) {
        onProblem(error instanceof RefusedRequest ? error.message : String(error));
      }
    }
  };
  textarea.addEventListener("paste", (event) => accept(event, event.clipboardData));
  textarea.addEventListener("drop", (event) => accept(event, event.dataTransfer));
  textarea.addEventListener("dragover", (event) => event.preventDefault());
}
