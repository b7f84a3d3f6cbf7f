// Writes what is in the editor as Markdown. Blocks that nobody has touched are written as they were read, letter by letter.
import { MarkdownSerializerState } from "./vendor/prosemirror.js";
import { linesOfBlocks, readMarkdown } from "./markdown_reader.js";

const ALIGNMENTS = { left: ":---", center: ":---:", right: "---:", "": "---" };
const PUNCTUATION = "[!-/:-@[-`{-~]";

// Between two letters, or between two blanks, it is a sign like any other.
function underscore(_sign, place, text) {
  const sides = [text[place - 1] || "", text[place + 1] || ""];
  const isPlain = [/[\p{L}\p{N}]/u, /\s/].some((kind) => sides.every((side) => kind.test(side)));
  return isPlain ? "_" : "\\_";
}

function escapeEntities(text) {
  return text.replace(/&(?=#\d{1,8};|#x[0-9a-f]{1,8};|[a-z][a-z0-9]{1,31};)/gi, "\\&");
}

// A sign gets a backslash only where it would mean something: texts stay readable, and as they were.
function escapeInline(text) {
  return escapeEntities(
    text
      .replace(new RegExp(`\\\\(?=${PUNCTUATION}|$)`, "g"), "\\\\")
      .replace(/`/g, "\\`")
      .replace(/(?<!\s)\*|\*(?!\s)/g, "\\*")
      .replace(/_/g, underscore)
      .replace(/\[(?=@[a-z0-9-]{1,60}\])/g, "\\[")
      .replace(/\](?=\()/g, "\\]")
      .replace(/\{(?=\s*emergency\s+number\s*\})/g, "\\{"),
  );
}

// What would make a line of a paragraph something else: a heading, item, quote, rule, definition or table.
function escapeLineStart(text) {
  return text
    .replace(/^(#{1,6})(?=\s|$)/, "\\$1")
    .replace(/^([-+*])(?=\s|$)/, "\\$1")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2")
    .replace(/^>/, "\\>")
    .replace(/^([:~])(?=\s)/, "\\$1")
    .replace(/^(?=[-_|: ]*-)([-_|:])(?=[-_|: ]*$)/, "\\$1");
}

function destination(href) {
  const escaped = escapeEntities(href.replace(/[<>\\]/g, "\\$&"));
  return href === "" || /[\s<>()]/.test(href) ? `<${escaped}>` : escaped;
}

function titled(href, title) {
  return `(${destination(href)}${title ? ` "${title.replace(/["\\]/g, "\\$&")}"` : ""})`;
}

// Two lists one after the other need different signs, or they would be one list.
function markupOf(parent, index) {
  const node = parent.child(index);
  const [usual, other] = node.type.name === "bullet_list" ? ["-", "*"] : [".", ")"];
  const own = node.attrs.markup || usual;
  const before = index > 0 && parent.child(index - 1).type === node.type ? markupOf(parent, index - 1) : "";
  return own === before ? (own === usual ? other : usual) : own;
}

function writeList(state, node, parent, index) {
  const markup = markupOf(parent, index);
  const isOrdered = node.type.name === "ordered_list";
  // A list that begins with another number than 1 needs an empty line before it.
  if (state.closed && state.inTightList && (node.attrs.order ?? 1) === 1) state.flushClose(1);
  const wasTight = state.inTightList;
  state.inTightList = node.attrs.tight;
  node.forEach((item, _offset, number) => {
    const first = isOrdered ? `${node.attrs.order + number}${markup} ` : `${markup} `;
    if (number && node.attrs.tight) state.flushClose(1);
    state.wrapBlock(" ".repeat(first.length), first, node, () => state.render(item, node, number));
  });
  state.inTightList = wasTight;
}

function writeRow(state, row) {
  state.write("|");
  row.forEach((cell) => {
    state.out += " ";
    state.renderInline(cell, false);
    state.out += " |";
  });
  state.out += "\n";
}

function writeTable(state, node) {
  state.flushClose();
  state.inTable = true;
  node.forEach((row, _offset, index) => {
    writeRow(state, row);
    if (index === 0) {
      state.write("|");
      row.forEach((cell) => (state.out += ` ${ALIGNMENTS[cell.attrs.align]} |`));
      state.out += "\n";
    }
  });
  state.inTable = false;
  state.out = state.out.replace(/\n$/, "");
  state.closeBlock(node);
}

function writeDefinitions(state, node) {
  node.forEach((child, _offset, index) => {
    if (child.type.name === "definition_term") {
      state.renderInline(child);
      state.closeBlock(child);
    } else {
      if (node.attrs.tight && index) state.flushClose(1);
      state.wrapBlock("  ", ": ", child, () => state.renderContent(child));
    }
  });
  state.closeBlock(node);
}

const NODES = {
  paragraph(state, node) {
    state.renderInline(node);
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${"#".repeat(node.attrs.level)} `);
    state.renderInline(node, false);
    state.closeBlock(node);
  },
  blockquote(state, node) {
    state.wrapBlock("> ", null, node, () => state.renderContent(node));
  },
  horizontal_rule(state, node) {
    state.write(node.attrs.markup);
    state.closeBlock(node);
  },
  bullet_list: writeList,
  ordered_list: writeList,
  list_item: (state, node) => state.renderContent(node),
  definition_list: writeDefinitions,
  table: writeTable,
  hard_break(state, node, parent, index) {
    for (let after = index + 1; after < parent.childCount; after++) {
      if (parent.child(after).type !== node.type) {
        state.write("\\\n");
        return;
      }
    }
  },
  image(state, { attrs: { src, alt, title } }) {
    state.text(`![${alt.replace(/[\\[\]`*_&]/g, "\\$&")}]${titled(src, title)}`, false);
  },
  citation: (state, node) => state.text(`[@${node.attrs.key}]`, false),
  placeholder: (state) => state.text("{emergency number}", false),
  text: (state, node) => state.text(node.text),
};

function ticks(parent, index, side) {
  const { text = "" } = parent.child(index);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const pad = /^`|`$|^ .*\S.* $/.test(text) ? " " : "";
  return side < 0 ? "`".repeat(longest + 1) + pad : pad + "`".repeat(longest + 1);
}

const MARKS = {
  em: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
  strong: { open: "**", close: "**", mixable: true, expelEnclosingWhitespace: true },
  link: { open: "[", close: (_state, mark) => `]${titled(mark.attrs.href, mark.attrs.title)}`, mixable: true },
  code: {
    open: (_state, _mark, parent, index) => ticks(parent, index, -1),
    close: (_state, _mark, parent, index) => ticks(parent, index - 1, 1),
    escape: false,
  },
};

class Writer extends MarkdownSerializerState {
  constructor(isLine) {
    super(NODES, MARKS, { hardBreakNodeName: "hard_break" });
    this.isLine = isLine;
    this.inTable = false;
    this.inTightList = false;
  }

  text(text, escape = true) {
    // Django counts every line end in a form; the text of one node has none.
    const flat = text.replace(/\r?\n/g, " ");
    super.text(this.inTable ? flat.replace(/\|/g, escape ? "|" : "\\|") : flat, escape);
  }

  esc(text, startOfLine = false) {
    const line = this.out.slice(this.out.lastIndexOf("\n") + 1);
    // In a text of one line, marks of blocks are words.
    const isStart = !this.isLine && (startOfLine || (line === this.delim && !this.inTable));
    const escaped = isStart ? escapeLineStart(escapeInline(text.trimStart())) : escapeInline(text);
    return this.inTable ? escaped.replace(/\|/g, "\\|") : escaped;
  }
}

function writeBlock(doc, index) {
  const state = new Writer(!doc.type.schema.nodes.heading);
  state.render(doc.child(index), doc, index);
  return state.out.trimEnd();
}

// Everything anew, whatever was read.
export function writeMarkdown(doc) {
  const written = [];
  doc.forEach((_node, _offset, index) => written.push(writeBlock(doc, index)));
  return written.filter(Boolean).join("\n\n");
}

function isList(node) {
  return node.type.name.endsWith("_list") && node.type.name !== "definition_list";
}

// A text with the blocks that were read from it. `write` keeps the lines of those that are still there.
export class OriginalText {
  constructor(text, { isLine }) {
    this.text = text;
    this.doc = readMarkdown(text, { isLine });
    this.lines = text.split("\n");
    this.places = new Map();
    const places = isLine ? [] : linesOfBlocks(text);
    if (places.length === this.doc.childCount) {
      this.doc.forEach((node, _offset, index) => this.places.set(node, { index, ...this.withoutBlankEnd(places[index]) }));
    }
  }

  withoutBlankEnd([start, end]) {
    while (end > start + 1 && !this.lines[end - 1].trim()) end -= 1;
    return { start, end };
  }

  placeOf(doc, index) {
    const node = doc.child(index);
    const needsOtherSign = isList(node) && markupOf(doc, index) !== node.attrs.markup;
    return needsOtherSign ? undefined : this.places.get(node);
  }

  write(doc) {
    if (doc.eq(this.doc)) return this.text;
    let written = "";
    let before;
    doc.forEach((_node, _offset, index) => {
      const place = this.placeOf(doc, index);
      const block = place ? this.lines.slice(place.start, place.end).join("\n") : writeBlock(doc, index);
      if (!block) return;
      const isNext = place && before && place.index === before.index + 1;
      if (written) written += isNext ? "\n".repeat(place.start - before.end + 1) : "\n\n";
      written += block;
      before = place;
    });
    return written;
  }
}
