// What a text can hold: exactly what the Markdown of this site can say (education/markdown/parser.py), and nothing else.
import { Schema, tableNodes } from "./vendor/prosemirror.js";
import { isAllowedTarget, isUploadedPicture } from "./targets.js";
import { say } from "./words.js";

export const PLACEHOLDER = "{emergency number}";
export const CITATION_KEY = /^[a-z0-9-]{1,60}$/;

const listAttributes = { tight: { default: true }, markup: { default: "" } };

function listFromDom(dom) {
  // Copied from another program, a list with paragraphs in its items has space between them.
  return { tight: dom.dataset.tight !== "false", markup: dom.dataset.markup || "" };
}

function listToDom(tag, node, attributes = {}) {
  const { tight, markup } = node.attrs;
  return [tag, { ...attributes, "data-tight": String(tight), "data-markup": markup }, 0];
}

const blocks = {
  doc: { content: "(block | heading)+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    attrs: { level: { default: 1 } },
    content: "inline*",
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: ({ attrs: { level } }) => [`h${level}`, 0],
  },
  blockquote: {
    content: "block+",
    group: "block",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  },
  horizontal_rule: { group: "block", attrs: { markup: { default: "***" } }, parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
  bullet_list: {
    content: "list_item+",
    group: "block",
    attrs: listAttributes,
    parseDOM: [{ tag: "ul", getAttrs: listFromDom }],
    toDOM: (node) => listToDom("ul", node),
  },
  ordered_list: {
    content: "list_item+",
    group: "block",
    attrs: { ...listAttributes, order: { default: 1 } },
    parseDOM: [
      {
        tag: "ol",
        getAttrs: (dom) => ({ ...listFromDom(dom), order: Math.max(0, parseInt(dom.getAttribute("start") ?? "1", 10) || 0) }),
      },
    ],
    toDOM: (node) => listToDom("ol", node, node.attrs.order === 1 ? {} : { start: String(node.attrs.order) }),
  },
  list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  definition_list: {
    content: "(definition_term | definition)+",
    group: "block",
    attrs: { tight: { default: true } },
    parseDOM: [{ tag: "dl", getAttrs: (dom) => ({ tight: dom.dataset.tight !== "false" }) }],
    toDOM: (node) => ["dl", { "data-tight": String(node.attrs.tight) }, 0],
  },
  definition_term: { content: "inline*", defining: true, parseDOM: [{ tag: "dt" }], toDOM: () => ["dt", 0] },
  definition: { content: "block+", defining: true, parseDOM: [{ tag: "dd" }], toDOM: () => ["dd", 0] },
  ...tableNodes({
    tableGroup: "block",
    // No line break: a row of a table is one line of Markdown.
    cellContent: "(text | image | citation | placeholder)*",
    cellAttributes: {
      align: {
        default: "",
        getFromDOM: (dom) => ["left", "center", "right"].find((side) => dom.classList.contains(`align-${side}`)) || "",
        setDOMAttr: (value, attributes) => {
          if (value) attributes.class = `align-${value}`;
        },
      },
    },
  }),
};

const inline = {
  text: { group: "inline" },
  hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  image: {
    inline: true,
    group: "inline",
    attrs: { src: {}, alt: { default: "" }, title: { default: "" } },
    parseDOM: [
      {
        tag: "img[src]",
        getAttrs: (dom) =>
          isUploadedPicture(dom.getAttribute("src")) && {
            src: dom.getAttribute("src"),
            alt: dom.getAttribute("alt") || "",
            title: dom.getAttribute("title") || "",
          },
      },
    ],
    toDOM: ({ attrs: { src, alt } }) =>
      isUploadedPicture(src)
        ? ["img", { src, alt }]
        : ["span", { class: "unknown-picture" }, say("[picture that cannot be shown: {words}]", { words: alt })],
  },
  citation: {
    inline: true,
    group: "inline",
    attrs: { key: {} },
    parseDOM: [
      {
        tag: "span[data-citation]",
        getAttrs: (dom) => CITATION_KEY.test(dom.dataset.citation) && { key: dom.dataset.citation },
      },
    ],
    toDOM: ({ attrs: { key } }) => ["span", { class: "citation", "data-citation": key }, say("[Source: {key}]", { key })],
    leafText: ({ attrs: { key } }) => `[@${key}]`,
  },
  placeholder: {
    inline: true,
    group: "inline",
    parseDOM: [{ tag: "span[data-placeholder]" }],
    toDOM: () => ["span", { class: "placeholder", "data-placeholder": "" }, PLACEHOLDER],
    leafText: () => PLACEHOLDER,
  },
};

const marks = {
  link: {
    attrs: { href: {}, title: { default: "" } },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (dom) =>
          isAllowedTarget(dom.getAttribute("href")) && { href: dom.getAttribute("href"), title: dom.getAttribute("title") || "" },
      },
    ],
    toDOM: ({ attrs: { href } }) => (isAllowedTarget(href) ? ["a", { href }, 0] : ["span", { class: "refused-link" }, 0]),
  },
  em: { parseDOM: [{ tag: "i" }, { tag: "em" }], toDOM: () => ["em", 0] },
  strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
  code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
};

export const blockSchema = new Schema({ nodes: { ...blocks, ...inline }, marks });

// A text of one line. Its mark for a line break is left out: the server reads one as a blank.
const { hard_break: _none, ...inlineOnly } = inline;
export const lineSchema = new Schema({
  nodes: {
    doc: { content: "paragraph" },
    paragraph: { content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    ...inlineOnly,
  },
  marks,
});
