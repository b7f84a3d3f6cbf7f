// Words without HTML, as from a PDF: lines that only the width of a page ended are joined, and bullets become lists.
import { Fragment, Slice } from "./vendor/prosemirror.js";
import { readWords } from "./markdown_reader.js";

const BULLET = /^\s*[\u2022\u00b7\u25aa\u25cf\u25cb\u25e6\u2023\u2043\uf0b7*\u2013-]\s+/;
const NUMBER = /^\s*(\d{1,2})[.)]\s+/;

function startOf(line) {
  if (BULLET.test(line)) return { name: "bullet_list", words: line.replace(BULLET, "") };
  const number = NUMBER.exec(line);
  return number ? { name: "ordered_list", words: line.slice(number[0].length), order: Number(number[1]) } : null;
}

function joined(before, line) {
  return /\p{L}-$/u.test(before) ? before + line : `${before} ${line}`;
}

// Paragraphs and items: { name, words }.
export function pastedBlocks(text) {
  const blocks = [];
  let open = null;
  for (const raw of text.replace(/\r\n?/g, "\n").replace(/[\f\v]/g, "\n").split("\n")) {
    const line = raw.trim();
    const start = startOf(line);
    if (!line) open = null;
    else if (start) blocks.push((open = start));
    else if (open) open.words = joined(open.words, line);
    else blocks.push((open = { name: "paragraph", words: line }));
  }
  return blocks;
}

export function pastedTextSlice(text, schema) {
  const { paragraph, list_item: item } = schema.nodes;
  const blocks = pastedBlocks(text);
  if (!item) {
    const words = blocks.map((block) => block.words).join(" ");
    return new Slice(Fragment.from(paragraph.create(null, readWords(schema, words))), 1, 1);
  }
  const nodes = [];
  for (const { name, words, order } of blocks) {
    const block = paragraph.create(null, readWords(schema, words));
    const last = nodes.at(-1);
    if (name === "paragraph") nodes.push(block);
    else if (last?.type.name === name) nodes[nodes.length - 1] = last.copy(last.content.addToEnd(item.create(null, block)));
    else nodes.push(schema.nodes[name].create(order ? { order } : null, item.create(null, block)));
  }
  return Slice.maxOpen(Fragment.from(nodes), true);
}
