// The text as text: ProseMirror with our schema, keys, rules and pasting.
import {
  baseKeymap,
  chainCommands,
  EditorState,
  EditorView,
  history,
  inputRules,
  keymap,
  liftListItem,
  redo,
  sinkListItem,
  splitListItem,
  tableEditing,
  toggleMark,
  undo,
  undoInputRule,
} from "./vendor/prosemirror.js";
import { enterInTerm, nextCell, tidyBlocks, typedRules } from "./commands.js";
import { cleanPastedHtml } from "./paste_html.js";
import { pastedTextSlice } from "./paste_text.js";
import { blockSchema, lineSchema } from "./schema.js";
import { sourceMarks } from "./source_marks.js";
import { filesOf } from "./source_view.js";

export function schemaOf(isLine) {
  return isLine ? lineSchema : blockSchema;
}

function lineBreak(type) {
  return (state, dispatch) => {
    if (!state.selection.$from.parent.type.contentMatch.matchType(type)) return true;
    dispatch?.(state.tr.replaceSelectionWith(type.create()).scrollIntoView());
    return true;
  };
}

// Tab is no key of the editor: it leads on to the next field.
function keys(schema, openLinkWindow) {
  const { list_item: item, hard_break: lineEnd } = schema.nodes;
  const common = {
    "Mod-b": toggleMark(schema.marks.strong),
    "Mod-i": toggleMark(schema.marks.em),
    "Mod-k": () => {
      openLinkWindow();
      return true;
    },
    "Mod-z": undo,
    "Mod-y": redo,
    "Shift-Mod-z": redo,
    Backspace: undoInputRule,
  };
  if (!item) return { ...common, Enter: () => true, "Shift-Enter": () => true };
  return {
    ...common,
    Enter: chainCommands(nextCell, enterInTerm, splitListItem(item)),
    "Shift-Enter": lineBreak(lineEnd),
    "Mod-]": sinkListItem(item),
    "Mod-[": liftListItem(item),
  };
}

function plugins(schema, openLinkWindow) {
  return [
    inputRules({ rules: typedRules(schema) }),
    keymap(keys(schema, openLinkWindow)),
    keymap(baseKeymap),
    history(),
    ...(schema.nodes.table ? [tableEditing(), tidyBlocks] : []),
  ];
}

// Headings are as deep on the page as the preview shows them, so that the outline of the form has no gaps.
function headings(topLevel) {
  return ({ attrs: { level } }) => {
    const dom = document.createElement(`h${Math.min(topLevel + level - 1, 6)}`);
    dom.dataset.level = String(level);
    return { dom, contentDOM: dom };
  };
}

// `on`: what the field wants to hear of: `change`, `state`, `pasted`, `picture`, `link`.
export function openTextView(place, { doc, isLine, attributes, sourcesUrl, topLevel, on }) {
  const schema = schemaOf(isLine);
  return new EditorView(
    { mount: place },
    {
      state: EditorState.create({ doc, plugins: plugins(schema, () => on.link()) }),
      attributes: { role: "textbox", "aria-multiline": String(!isLine), ...attributes },
      nodeViews: { citation: sourceMarks(sourcesUrl), heading: headings(topLevel) },
      dispatchTransaction(transaction) {
        this.updateState(this.state.apply(transaction));
        if (transaction.docChanged) on.change();
        on.state();
      },
      transformPastedHTML(html) {
        const { html: clean, ...leftOut } = cleanPastedHtml(html, { isLine });
        on.pasted(leftOut);
        return clean;
      },
      clipboardTextParser(text) {
        on.pasted({ pictures: [], struck: 0, hasComments: false });
        return pastedTextSlice(text, schema);
      },
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, "\n\n", (node) => node.type.spec.leafText?.(node) || ""),
      handlePaste: (_view, event) => takesPicture(event, event.clipboardData, on),
      handleDrop: (_view, event, _slice, moved) => !moved && takesPicture(event, event.dataTransfer, on),
    },
  );
}

// A picture without words, such as a screenshot. Word sends a picture of the words along with them.
function takesPicture(event, transfer, on) {
  const [file] = filesOf(transfer);
  if (!file || transfer.types.includes("text/html") || transfer.types.includes("text/plain")) return false;
  event.preventDefault();
  on.picture(file);
  return true;
}
