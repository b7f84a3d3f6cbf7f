// Reads Markdown into the editor, by the rules of education/markdown/parser.py. Where the two differ, the guard finds it:
// a text that the server does not show alike before and after stays as Markdown.
import { deflist, MarkdownIt, MarkdownParser } from "./vendor/prosemirror.js";
import { blockSchema, lineSchema } from "./schema.js";

const BLOCK_RULES = ["table", "blockquote", "hr", "list", "heading", "paragraph"];
const INLINE_RULES = ["text", "newline", "escape", "backticks", "emphasis", "link", "image", "entity"];
const HEADING = /^#{1,6} /gm;
const CITATION = /\[@([a-z0-9-]{1,60})\]/y;
const PLACEHOLDER = /\{\s*emergency\s+number\s*\}/y;

function startsHeading(state, line) {
  const start = state.bMarks[line] + state.tShift[line];
  return (start === 0 || state.src[start - 1] === "\n") && /^#{1,6} /.test(state.src.slice(start, start + 7));
}

function ruleOf(markdown, name) {
  return markdown.block.ruler.__rules__.find((rule) => rule.name === name).fn;
}

function readAtom(name, pattern, metaOf) {
  return (state, silent) => {
    pattern.lastIndex = state.pos;
    const found = pattern.exec(state.src);
    if (!found || pattern.lastIndex > state.posMax) return false;
    if (!silent) state.push(name, "", 0).meta = metaOf(found);
    state.pos += found[0].length;
    return true;
  };
}

function addAtoms(markdown) {
  markdown.inline.ruler.before("link", "citation", readAtom("citation", CITATION, (found) => ({ key: found[1] })));
  markdown.inline.ruler.before("link", "placeholder", readAtom("placeholder", PLACEHOLDER, () => ({})));
  markdown.validateLink = () => true;
  // Kept as typed; the server normalizes addresses when it shows them.
  markdown.normalizeLink = (url) => url;
}

function buildTokenizer() {
  const markdown = new MarkdownIt("zero", { maxNesting: 64, html: false, linkify: false });
  const heading = ruleOf(markdown, "heading");
  const table = ruleOf(markdown, "table");
  markdown.block.ruler.at(
    "heading",
    (state, start, end, silent) => startsHeading(state, start) && heading(state, start, end, silent),
    { alt: ["paragraph", "reference", "blockquote"] },
  );
  markdown.block.ruler.at(
    "table",
    (state, start, end, silent) => !startsHeading(state, start) && table(state, start, end, silent),
    { alt: ["paragraph", "reference"] },
  );
  markdown.core.ruler.enableOnly(["normalize", "block", "inline", "text_join"]);
  markdown.block.ruler.enableOnly(BLOCK_RULES);
  markdown.inline.ruler.enableOnly(INLINE_RULES);
  markdown.inline.ruler2.enableOnly(["balance_pairs", "emphasis", "fragments_join"]);
  markdown.use(deflist);
  const definitions = ruleOf(markdown, "deflist");
  markdown.block.ruler.at(
    "deflist",
    (state, start, end, silent) => {
      const next = state.env.headingLines.find((line) => line > start);
      return definitions(state, start, next === undefined ? end : Math.min(end, next), silent);
    },
    { alt: ["paragraph", "reference", "blockquote"] },
  );
  addAtoms(markdown);
  return markdown;
}

const tokenizer = buildTokenizer();

function tokensOf(text) {
  const headingLines = [...text.matchAll(HEADING)].map((found) => text.slice(0, found.index).split("\n").length - 1);
  return tokenizer.parse(text, { headingLines });
}

function lineTokensOf(text) {
  const [line] = tokenizer.parseInline(text.split(/\s+/).filter(Boolean).join(" "), { headingLines: [] });
  return [{ type: "paragraph_open" }, line, { type: "paragraph_close" }];
}

function paragraphsAreTight(tokens, index) {
  const { level } = tokens[index];
  for (const token of tokens.slice(index + 1)) {
    if (token.level === level && token.nesting === -1) break;
    if (token.type === "paragraph_open" && token.level === level + 2) return token.hidden;
  }
  return true;
}

function wordsOf(tokens) {
  return tokens
    .map((token) => (token.type === "softbreak" || token.type === "hardbreak" ? " " : token.content || wordsOf(token.children || [])))
    .join("");
}

const list = (token, tokens, index) => ({ tight: paragraphsAreTight(tokens, index), markup: token.markup });
const cell = (token) => ({ align: (token.attrGet("style") || "").replace("text-align:", "") });

const INLINE_TOKENS = {
  em: { mark: "em" },
  strong: { mark: "strong" },
  code_inline: { mark: "code" },
  link: { mark: "link", getAttrs: (token) => ({ href: token.attrGet("href") || "", title: token.attrGet("title") || "" }) },
  image: {
    node: "image",
    getAttrs: (token) => ({
      src: token.attrGet("src") || "",
      alt: wordsOf(token.children || []),
      title: token.attrGet("title") || "",
    }),
  },
  citation: { node: "citation", getAttrs: (token) => ({ key: token.meta.key }) },
  placeholder: { node: "placeholder" },
};

const blockReader = new MarkdownParser(
  blockSchema,
  { parse: (text) => tokensOf(text) },
  {
    ...INLINE_TOKENS,
    hardbreak: { node: "hard_break" },
    paragraph: { block: "paragraph" },
    heading: { block: "heading", getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
    blockquote: { block: "blockquote" },
    hr: { node: "horizontal_rule", getAttrs: (token) => ({ markup: token.markup }) },
    bullet_list: { block: "bullet_list", getAttrs: list },
    ordered_list: {
      block: "ordered_list",
      getAttrs: (token, tokens, index) => ({ ...list(token, tokens, index), order: Number(token.attrGet("start") ?? 1) }),
    },
    list_item: { block: "list_item" },
    dl: { block: "definition_list", getAttrs: (token, tokens, index) => ({ tight: paragraphsAreTight(tokens, index) }) },
    dt: { block: "definition_term" },
    dd: { block: "definition" },
    table: { block: "table" },
    thead: { ignore: true },
    tbody: { ignore: true },
    tr: { block: "table_row" },
    th: { block: "table_header", getAttrs: cell },
    td: { block: "table_cell", getAttrs: cell },
  },
);
const lineReader = new MarkdownParser(
  lineSchema,
  { parse: (text) => lineTokensOf(text) },
  { ...INLINE_TOKENS, paragraph: { block: "paragraph" }, hardbreak: { ignore: true, noCloseToken: true } },
);

// The document of a text. Throws for a text that the editor has no form for.
export function readMarkdown(text, { isLine }) {
  const found = (isLine ? lineReader : blockReader).parse(text);
  found.check();
  return found;
}

// For each block at the top of a text, the lines that it was written in: [first, one after the last].
export function linesOfBlocks(text) {
  return tokensOf(text)
    .filter((token) => token.level === 0 && token.map && token.nesting >= 0 && token.type !== "inline")
    .map((token) => token.map);
}

// The words of one pasted line, in which only links, pictures and our own marks mean anything: a paper may well say 2*3*4.
const wordsTokenizer = new MarkdownIt("zero");
wordsTokenizer.inline.ruler.enable(["link", "image"]);
addAtoms(wordsTokenizer);
const { em: _em, strong: _strong, code_inline: _code, ...WORD_TOKENS } = INLINE_TOKENS;

export function readWords(schema, text) {
  const reader = new MarkdownParser(
    schema,
    { parse: (line) => [{ type: "paragraph_open" }, ...wordsTokenizer.parseInline(line, {}), { type: "paragraph_close" }] },
    { ...WORD_TOKENS, paragraph: { block: "paragraph" } },
  );
  return reader.parse(text).firstChild.content;
}
