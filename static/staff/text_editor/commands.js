// What the buttons and keys of the editor do to its document.
import {
  Fragment,
  InputRule,
  TextSelection,
  fixTables,
  isInTable,
  liftListItem,
  Plugin,
  setBlockType,
  wrapInList,
  wrappingInputRule,
} from "./vendor/prosemirror.js";

export function isMarkActive(state, type) {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

// The nearest node around the cursor for which `test` holds: { node, depth, pos }.
export function around(state, test) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if (test($from.node(depth))) return { node: $from.node(depth), depth, pos: $from.before(depth) };
  }
  return null;
}

function listAround(state) {
  return around(state, (node) => /^(bullet|ordered)_list$/.test(node.type.name));
}

export function isInList(type) {
  return (state) => listAround(state)?.node.type === type;
}

export function toggleList(type) {
  return (state, dispatch) => {
    const list = listAround(state);
    if (!list) return wrapInList(type)(state, dispatch);
    if (list.node.type === type) return liftListItem(state.schema.nodes.list_item)(state, dispatch);
    dispatch?.(state.tr.setNodeMarkup(list.pos, type, { tight: list.node.attrs.tight }));
    return true;
  };
}

export function isHeading(level) {
  return (state) => around(state, (node) => node.type.name === "heading" && node.attrs.level === level) !== null;
}

export function toggleHeading(level) {
  return (state, dispatch) => {
    const { heading, paragraph } = state.schema.nodes;
    return (isHeading(level)(state) ? setBlockType(paragraph) : setBlockType(heading, { level }))(state, dispatch);
  };
}

export function insertAtom(type, attributes) {
  return (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(type.create(attributes), true).scrollIntoView());
    return true;
  };
}

function cursorIn(tr, pos) {
  return tr.setSelection(TextSelection.near(tr.doc.resolve(pos))).scrollIntoView();
}

// A word and its meaning; within such a list, one more of them.
export function addDefinition(state, dispatch) {
  const { definition_list: list, definition_term: term, definition, paragraph } = state.schema.nodes;
  const { $from } = state.selection;
  const inside = around(state, (node) => node.type === definition || node.type === term);
  if (inside) {
    const end = inside.pos + inside.node.nodeSize;
    const added = Fragment.from([term.create(), definition.create(null, paragraph.create())]);
    dispatch?.(cursorIn(state.tr.insert(end, added), end + 1));
    return true;
  }
  if ($from.parent.type !== paragraph || $from.depth !== 1) return false;
  const words = $from.parent.content;
  const made = list.create(null, [term.create(null, words), definition.create(null, paragraph.create())]);
  dispatch?.(cursorIn(state.tr.replaceWith($from.before(), $from.after(), made), $from.before() + words.size + 5));
  return true;
}

export function insertTable(state, dispatch) {
  const { table, table_row: row, table_header: header, table_cell: cell, paragraph } = state.schema.nodes;
  const top = around(state, () => true);
  if (isInTable(state) || !top) return false;
  const cells = (type) => [type.create(), type.create(), type.create()];
  const made = table.create(null, [row.create(null, cells(header)), row.create(null, cells(cell)), row.create(null, cells(cell))]);
  const { $from } = state.selection;
  const isEmpty = $from.parent.type === paragraph && $from.parent.content.size === 0;
  const from = isEmpty ? $from.before() : $from.after($from.depth);
  if (!$from.node(-1)?.canReplaceWith($from.index(-1), $from.indexAfter(-1), table)) return false;
  const tr = isEmpty ? state.tr.replaceWith(from, $from.after(), made) : state.tr.insert(from, made);
  dispatch?.(cursorIn(tr, from + 3));
  return true;
}

// Enter in a table goes to the next cell, and makes a row after the last one: Tab is left to the browser.
export function nextCell(state, dispatch) {
  if (!isInTable(state)) return false;
  const cell = around(state, (node) => /^table_(cell|header)$/.test(node.type.name));
  if (!cell) return false;
  if (!dispatch) return true;
  const { $from } = state.selection;
  const after = cell.pos + cell.node.nodeSize;
  const isRowEnd = $from.index(cell.depth - 1) === $from.node(cell.depth - 1).childCount - 1;
  const isLastRow = $from.index(cell.depth - 2) === $from.node(cell.depth - 2).childCount - 1;
  let { tr } = state;
  if (isRowEnd && isLastRow) {
    const { table_row: row, table_cell: plain } = state.schema.nodes;
    const cells = Array.from({ length: $from.node(cell.depth - 1).childCount }, () => plain.create());
    tr = tr.insert(after + 1, row.create(null, cells));
  }
  dispatch(cursorIn(tr, isRowEnd ? after + 3 : after + 1));
  return true;
}

// Enter in a term goes to its meaning.
export function enterInTerm(state, dispatch) {
  const { definition_term: term, definition, paragraph } = state.schema.nodes;
  const { $from } = state.selection;
  if (!term || $from.parent.type !== term) return false;
  const after = $from.after();
  const follows = state.doc.resolve(after).nodeAfter?.type === definition;
  const tr = follows ? state.tr : state.tr.insert(after, definition.create(null, paragraph.create()));
  dispatch?.(cursorIn(tr, after + 2));
  return true;
}

function headerProblems(state) {
  const { table_header: header, table_cell: cell } = state.schema.nodes;
  const found = [];
  state.doc.descendants((node, pos) => {
    if (node.type.name !== "table") return node.isBlock && !node.isTextblock;
    node.forEach((row, rowOffset, rowIndex) => {
      row.forEach((each, offset) => {
        const type = rowIndex ? cell : header;
        const { colspan, rowspan } = each.attrs;
        if (each.type !== type || colspan !== 1 || rowspan !== 1) {
          found.push([pos + rowOffset + offset + 2, type, { ...each.attrs, colspan: 1, rowspan: 1 }]);
        }
      });
    });
    return false;
  });
  return found;
}

// Tables as Markdown has them: the first row is the heads, all rows are as long, no cell is joined. And after the last
// block a place to write on.
export const tidyBlocks = new Plugin({
  appendTransaction(transactions, _old, state) {
    if (!transactions.some((each) => each.docChanged) || !state.schema.nodes.table) return null;
    const tr = fixTables(state) || state.tr;
    for (const [pos, type, attributes] of headerProblems(state.apply(tr))) tr.setNodeMarkup(pos, type, attributes);
    if (/^(table|definition_list|horizontal_rule)$/.test(tr.doc.lastChild.type.name)) {
      tr.insert(tr.doc.content.size, state.schema.nodes.paragraph.create());
    }
    return tr.docChanged ? tr : null;
  },
});

function atomRule(pattern, type, attributesOf) {
  return new InputRule(pattern, (state, found, start, end) =>
    state.tr.replaceWith(start, end, type.create(attributesOf(found), null, state.doc.resolve(start).marks())),
  );
}

// A sign typed where a list already is, is what people do who know Markdown.
function listRule(pattern, type, attributesOf, joins) {
  const wrap = wrappingInputRule(pattern, type, attributesOf, joins);
  return new InputRule(pattern, (state, found, start, end) => {
    const item = around(state, (node) => node.type.name === "list_item");
    return item && state.selection.$from.depth === item.depth + 1 ? state.tr.delete(start, end) : wrap.handler(state, found, start, end);
  });
}

export function typedRules(schema) {
  const { citation, placeholder, bullet_list: bullets, ordered_list: numbers, heading } = schema.nodes;
  const rules = [
    atomRule(/\[@([a-z0-9-]{1,60})\]$/, citation, (found) => ({ key: found[1] })),
    atomRule(/\{\s*emergency\s+number\s*\}$/, placeholder, () => null),
    new InputRule(/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, (state, found, start, end) =>
      state.tr
        .delete(end - 1, end)
        .delete(start, start + 2)
        .addMark(start, start + found[1].length, schema.marks.strong.create())
        .removeStoredMark(schema.marks.strong),
    ),
  ];
  if (bullets) {
    rules.push(
      listRule(/^\s*[-•]\s$/, bullets),
      listRule(
        /^\s*(\d{1,3})[.)]\s$/,
        numbers,
        (found) => ({ order: Number(found[1]) }),
        (found, node) => node.childCount + node.attrs.order === Number(found[1]),
      ),
      new InputRule(/^(#{1,6})\s$/, (state, found, start, end) =>
        setBlockType(heading, { level: found[1].length })(state) ? state.tr.delete(start, end).setBlockType(start, start, heading, { level: found[1].length }) : null,
      ),
    );
  }
  return rules;
}
