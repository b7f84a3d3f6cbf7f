// What comes from Word, Google Docs, Outlook, a web page or a PDF, made into plain HTML of the few kinds that a text can hold.
//
// The policy of the site empties every `style`, even of a document that is shown nowhere, and would report each. So styles
// are read from the clipboard's words: they get another name before anything parses them.
import { isAllowedTarget, isUploadedPicture, withoutOwnSite } from "./targets.js";

const LIVE_ATTRIBUTE = /([\s"'/])(style|on[a-z]+)(\s*=)/gi;
const STYLE = "data-pasted-style";
const DROPPED = new Set(
  "script style link meta title head base template noscript iframe object embed applet svg math canvas video audio select option button input textarea map".split(" "),
);
const BLOCKS = new Set(
  "p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody thead tfoot tr td th caption blockquote hr section article header footer main aside nav figure figcaption address center details summary form fieldset pre".split(" "),
);
const OUR_MARK = /(\[@[a-z0-9-]{1,60}\]|\{\s*emergency\s+number\s*\})/;
const BULLET = /^[\s\u00a0]*[\u2022\u00b7\u25aa\u25cf\u25cb\u25e6\u2023\u2043\u00a7\uf0b7\uf0a7\u2013-][\s\u00a0]+/;
const NUMBER = /^[\s\u00a0]*\(?(\d{1,3}|[a-z]|[ivx]{1,5})[.)]/i;
const SUPERSCRIPTS = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", "+": "⁺", "-": "⁻", "−": "⁻" };
const SUBSCRIPTS = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", 4: "₄", 5: "₅", 6: "₆", 7: "₇", 8: "₈", 9: "₉", "+": "₊", "-": "₋", "−": "₋" };

// Where the tag that begins here ends; -1 if it never does.
function endOfTag(html, start) {
  let quote = "";
  for (let at = start + 1; at < html.length; at++) {
    const sign = html[at];
    if (quote) quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === ">") return at + 1;
  }
  return -1;
}

// No element is made of these words before this was done to them. Each sign is looked at once, however long they are.
function withoutLiveAttributes(html) {
  const bare = html.replace(/<style\b[^]*?(<\/style\s*>|$)/gi, "").replace(/<xml\b[^]*?(<\/xml\s*>|$)/gi, "");
  const parts = [];
  let done = 0;
  for (let start = bare.search(/<[a-z]/i); start >= 0 && start < bare.length; ) {
    const end = endOfTag(bare, start);
    if (end < 0) break;
    parts.push(bare.slice(done, start), bare.slice(start, end).replace(LIVE_ATTRIBUTE, "$1data-pasted-$2$3"));
    done = end;
    start = bare.indexOf("<", end);
    while (start >= 0 && !/[a-z]/i.test(bare[start + 1] || "")) start = bare.indexOf("<", start + 1);
  }
  return parts.join("") + bare.slice(done);
}

function styleOf(element) {
  const found = {};
  for (const part of (element.getAttribute(STYLE) || "").split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) found[part.slice(0, colon).trim().toLowerCase()] = part.slice(colon + 1).trim().toLowerCase();
  }
  return found;
}

// The true target behind the addresses that Google Docs and Outlook put in its place.
function targetOf(href) {
  try {
    const url = new URL(href);
    const isGoogle = /(^|\.)google\.com$/.test(url.hostname) && url.pathname === "/url";
    const isOutlook = url.hostname.endsWith(".safelinks.protection.outlook.com");
    const inner = isGoogle ? url.searchParams.get("q") : isOutlook ? url.searchParams.get("url") : null;
    return withoutOwnSite(inner || href);
  } catch {
    return "";
  }
}

function isComment(element, style) {
  return (
    style["mso-element"] === "comment-list" ||
    style["mso-element"] === "comment" ||
    "mso-comment-reference" in style ||
    style["mso-special-character"] === "comment" ||
    /\bMsoComment(Reference|Text)\b/.test(element.className) ||
    /^#?(cmnt|_msocom)/.test(element.getAttribute("href") || "") ||
    /^#cmnt/.test(element.querySelector?.(":scope > a, :scope > p > a")?.getAttribute("href") || "")
  );
}

function isStruck(element, style) {
  return (
    ["DEL", "S", "STRIKE"].includes(element.nodeName) ||
    /\bmsoDel\b/i.test(element.className) ||
    /line-through/.test(style["text-decoration"] || style["text-decoration-line"] || "")
  );
}

function isHidden(style) {
  return style.display === "none" || style["mso-hide"] === "all" || style.visibility === "hidden";
}

// The signs of a list as Word writes them into the text; they stand in a span of their own.
function isListSign(style) {
  return (style["mso-list"] || "") === "ignore";
}

class PastedPage {
  constructor(html) {
    this.source = new DOMParser().parseFromString(withoutLiveAttributes(html), "text/html");
    this.out = document.implementation.createHTMLDocument("");
    this.pictures = [];
    this.struck = 0;
    this.hasComments = false;
  }

  make(tag, ...children) {
    const element = this.out.createElement(tag);
    element.append(...children);
    return element;
  }

  // Blocks of a container: elements, and for an item of a list that is none, what list it belongs to.
  blocks(container, marks = {}) {
    const found = [];
    let line = null;
    const flush = () => {
      if (line && (line.textContent.trim() || line.querySelector("img, span"))) found.push({ element: line });
      line = null;
    };
    for (const child of container.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE && this.isLeftOut(child)) continue;
      if (child.nodeType === Node.ELEMENT_NODE && this.holdsBlocks(child)) {
        flush();
        found.push(...this.block(child, this.marksOf(child, marks)));
      } else if (child.nodeType === Node.ELEMENT_NODE || child.nodeType === Node.TEXT_NODE) {
        line = line || this.make("p");
        this.inline(child, marks, line);
        // Two line ends one after the other begin a new paragraph.
        if (line.lastChild?.nodeName === "BR" && line.lastChild.previousSibling?.nodeName === "BR") {
          line.lastChild.previousSibling.remove();
          line.lastChild.remove();
          flush();
        }
      }
    }
    flush();
    return found;
  }

  isLeftOut(element) {
    const style = styleOf(element);
    if (isComment(element, style)) {
      this.hasComments = true;
      return true;
    }
    if (isStruck(element, style)) {
      if (element.textContent.trim()) this.struck += 1;
      return true;
    }
    return DROPPED.has(element.nodeName.toLowerCase()) || isHidden(style) || isListSign(style);
  }

  holdsBlocks(element) {
    const name = element.nodeName.toLowerCase();
    return BLOCKS.has(name) || [...element.children].some((child) => this.holdsBlocks(child));
  }

  marksOf(element, marks) {
    const name = element.nodeName.toLowerCase();
    const style = styleOf(element);
    const now = { ...marks };
    if (["b", "strong"].includes(name)) now.strong = true;
    if (["i", "em", "cite", "dfn"].includes(name)) now.em = true;
    const weight = style["font-weight"];
    if (weight) now.strong = /^(bold|bolder|[6-9]00)$/.test(weight);
    if (style["font-style"]) now.em = /^(italic|oblique)/.test(style["font-style"]);
    if (name === "a" && element.hasAttribute("href")) {
      const target = targetOf(element.getAttribute("href"));
      now.href = isAllowedTarget(target) ? target : "";
    }
    const shift = name === "sup" || style["vertical-align"] === "super" ? SUPERSCRIPTS : null;
    now.shift = shift || (name === "sub" || style["vertical-align"] === "sub" ? SUBSCRIPTS : marks.shift);
    // A heading is bold as it is.
    if (/^h[1-6]$/.test(name)) now.isHeading = true;
    return now;
  }

  block(element, marks) {
    const name = element.nodeName.toLowerCase();
    if (name === "ul" || name === "ol") return this.list(element, marks);
    if (name === "table") return this.table(element, marks);
    if (name === "dl") return [{ element: this.definitions(element, marks) }];
    if (name === "hr") return [{ element: this.make("hr") }];
    const inner = this.blocks(element, marks);
    const isTitle = /\bMsoTitle\b/.test(element.className);
    if (/^h[1-6]$/.test(name) || isTitle) {
      const heading = this.make(isTitle ? "h1" : name);
      inner.forEach(({ element: each }, index) => heading.append(...(index ? [" "] : []), ...each.childNodes));
      return heading.textContent.trim() ? [{ element: heading }] : [];
    }
    if (name === "blockquote") return inner.length ? [{ element: this.make("blockquote", ...this.grouped(inner)) }] : [];
    const item = /\blevel(\d)/.exec(styleOf(element)["mso-list"] || "");
    if (item && inner.length) return [this.wordItem(element, Number(item[1]), inner), ...inner.slice(1)];
    return inner.map((each) => this.bulleted(each));
  }

  wordItem(element, level, [{ element: words }]) {
    const sign = [...element.querySelectorAll(`[${STYLE}]`)].find((each) => isListSign(styleOf(each)))?.textContent || "";
    const number = NUMBER.exec(sign);
    return { element: words, item: { level, isOrdered: number !== null, start: parseInt(number?.[1], 10) || 1 } };
  }

  // A paragraph that begins with a bullet is an item of a list.
  bulleted(block) {
    const first = block.element.firstChild;
    if (block.item || block.element.nodeName !== "P" || first?.nodeType !== Node.TEXT_NODE || !BULLET.test(first.data)) return block;
    first.data = first.data.replace(BULLET, "");
    return { element: block.element, item: { level: 1, isOrdered: false, start: 1 } };
  }

  list(element, marks) {
    const isOrdered = element.nodeName === "OL";
    const start = parseInt(element.getAttribute("start") || "1", 10) || 1;
    const items = [...element.children].filter((child) => !this.isLeftOut(child));
    // Word on the web makes a list of each item, and says its level.
    if (items.some((each) => each.hasAttribute("data-aria-level"))) {
      return items.flatMap((each) => {
        const [first, ...rest] = this.blocks(each, this.marksOf(each, marks));
        const level = Number(each.getAttribute("data-aria-level")) || 1;
        return first ? [{ element: first.element, item: { level, isOrdered, start } }, ...rest] : [];
      });
    }
    const list = this.make(isOrdered ? "ol" : "ul");
    if (isOrdered && start !== 1) list.setAttribute("start", String(start));
    let hasSpace = false;
    for (const child of items) {
      const inner = child.nodeName === "LI" || !this.holdsBlocks(child) ? this.blocks(child, this.marksOf(child, marks)) : this.block(child, marks);
      const elements = this.grouped(inner);
      if (["UL", "OL"].includes(child.nodeName) && list.lastChild) list.lastChild.append(...elements);
      else if (elements.length) list.append(this.make("li", ...elements));
      hasSpace = hasSpace || elements.filter((each) => each.nodeName === "P").length > 1;
    }
    list.dataset.tight = String(!hasSpace);
    return list.children.length ? [{ element: list }] : [];
  }

  // Items that came one by one, as lists within lists.
  grouped(blocks) {
    const found = [];
    let open = [];
    for (const { element, item } of blocks) {
      if (!item) {
        open = [];
        found.push(element);
        continue;
      }
      while (open.length && open.at(-1).level > item.level) open.pop();
      const isSame = open.length && open.at(-1).level === item.level;
      if (isSame && open.at(-1).isOrdered !== item.isOrdered) open.pop();
      if (!open.length || open.at(-1).level < item.level) {
        const list = this.make(item.isOrdered ? "ol" : "ul");
        if (item.isOrdered && item.start !== 1) list.setAttribute("start", String(item.start));
        if (open.length) open.at(-1).list.lastChild.append(list);
        else found.push(list);
        open.push({ level: item.level, isOrdered: item.isOrdered, list });
      }
      open.at(-1).list.append(this.make("li", element));
    }
    return found;
  }

  definitions(element, marks) {
    const list = this.make("dl");
    for (const child of element.querySelectorAll("dt, dd")) {
      const inner = this.grouped(this.blocks(child, this.marksOf(child, marks)));
      list.append(child.nodeName === "DT" ? this.make("dt", ...this.flattened(inner)) : this.make("dd", ...inner));
    }
    return list;
  }

  table(element, marks) {
    const rows = [...element.querySelectorAll("tr")].filter((row) => row.closest("table") === element);
    const widths = rows.map((row) => row.cells.length);
    const isLayout = element.getAttribute("role") === "presentation" || Math.max(0, ...widths) < 2;
    if (isLayout) return rows.flatMap((row) => [...row.cells].flatMap((cell) => this.blocks(cell, this.marksOf(cell, marks))));
    const table = this.make("table");
    const reaching = [];
    rows.forEach((row, rowIndex) => {
      const made = this.make("tr");
      const add = (content) => made.append(this.make(rowIndex ? "td" : "th", ...content));
      for (const cell of row.cells) {
        // A cell that reaches over others stands first; the others are empty.
        while (reaching[made.children.length] > rowIndex) add([]);
        const at = made.children.length;
        add(this.flattened(this.grouped(this.blocks(cell, this.marksOf(cell, { ...marks, isHeading: rowIndex === 0 })))));
        for (let more = 1; more < Math.min(cell.colSpan, 50); more++) add([]);
        for (let column = at; column < made.children.length; column++) reaching[column] = rowIndex + Math.min(cell.rowSpan, 200);
      }
      while (reaching[made.children.length] > rowIndex) add([]);
      table.append(made);
    });
    return [{ element: table }];
  }

  // Blocks as one line of words, for a cell or a text of one line.
  flattened(elements) {
    const line = this.make("p");
    for (const each of elements) {
      for (const part of each.querySelectorAll("br")) part.replaceWith(" ");
      const parts = each.querySelector("li, tr, p") ? [...each.querySelectorAll("li, td, th, p")].filter((part) => !part.querySelector("li, td, th, p")) : [each];
      for (const part of parts) {
        if (line.childNodes.length) line.append(" ");
        line.append(...part.childNodes);
      }
    }
    return [...line.childNodes];
  }

  inline(node, marks, line) {
    if (node.nodeType === Node.TEXT_NODE) return this.text(node.data, marks, line);
    if (node.nodeType !== Node.ELEMENT_NODE || this.isLeftOut(node)) return undefined;
    if (node.nodeName === "BR") {
      if (!/Apple-interchange/.test(node.className)) line.append(this.make("br"));
      return undefined;
    }
    if (node.nodeName === "IMG") return this.picture(node, line);
    for (const name of ["citation", "placeholder"]) {
      if (name in node.dataset) return this.atom(name, node.dataset[name], line);
    }
    const now = this.marksOf(node, marks);
    for (const child of node.childNodes) this.inline(child, now, line);
    return undefined;
  }

  text(data, marks, line) {
    let words = data.replace(/[\t\n\r ]+/g, " ").replace(/\u00a0(?=[\s\u00a0]|$)|(?<=^|[\s\u00a0])\u00a0/g, " ");
    // 10 to the power of 9 must not become 109.
    if (marks.shift && [...words.trim()].every((sign) => sign in marks.shift)) {
      words = [...words.trim()].map((sign) => marks.shift[sign]).join("");
    }
    if (!words) return;
    for (const part of words.split(OUR_MARK)) this.words(part, marks, line);
  }

  words(words, marks, line) {
    if (!words) return;
    const citation = /^\[@(.*)\]$/.exec(words);
    if (citation && OUR_MARK.test(words)) return this.atom("citation", citation[1], line);
    if (OUR_MARK.test(words)) return this.atom("placeholder", "", line);
    let node = this.out.createTextNode(words);
    if (words.trim()) {
      if (marks.em) node = this.make("em", node);
      if (marks.strong && !marks.isHeading) node = this.make("strong", node);
      if (marks.href) {
        node = this.make("a", node);
        node.setAttribute("href", marks.href);
      }
    }
    line.append(node);
  }

  atom(name, value, line) {
    const element = this.make("span");
    element.dataset[name] = value;
    line.append(element);
  }

  picture(element, line) {
    const source = withoutOwnSite(element.getAttribute("src") || "");
    const words = (element.getAttribute("alt") || "").trim();
    if (isUploadedPicture(source)) {
      const picture = this.make("img");
      picture.setAttribute("src", source);
      picture.setAttribute("alt", words);
      line.append(picture);
    } else if (!(element.width === 1 && element.height === 1)) {
      this.pictures.push(words || decodedName(source));
    }
  }
}

function decodedName(source) {
  if (/^(data|blob|cid):/i.test(source)) return "";
  const name = source.split(/[?#]/)[0].split("/").pop();
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

// The clean HTML of a paste, with what was left out of it.
export function cleanPastedHtml(html, { isLine }) {
  // What was copied in this editor needs only its styles taken off; the schema refuses the rest.
  if (/\sdata-pm-slice=/.test(html) && !isLine) return { html: withoutLiveAttributes(html), pictures: [], struck: 0, hasComments: false };
  const page = new PastedPage(html);
  const blocks = page.grouped(page.blocks(page.source.body).map((each) => page.bulleted(each)));
  const body = page.make("div", ...(isLine ? [page.make("p", ...page.flattened(blocks))] : blocks));
  return { html: body.innerHTML, pictures: page.pictures, struck: page.struck, hasComments: page.hasComments };
}
