// Whether two documents say the same. What Markdown cannot hold is left out: empty paragraphs, blanks at the edges of a
// block, the sign that a list was written with.
function attributesOf({ markup: _markup, colspan: _colspan, rowspan: _rowspan, colwidth: _colwidth, ...rest }) {
  return rest;
}

function words(block) {
  const parts = [];
  block.forEach((node) => {
    const marks = node.marks.map((mark) => JSON.stringify([mark.type.name, mark.attrs])).sort();
    const last = parts.at(-1);
    if (node.isText && last?.text !== undefined && last.marks.join() === marks.join()) last.text += node.text;
    else parts.push(node.isText ? { text: node.text, marks } : { type: node.type.name, attrs: node.attrs, marks });
  });
  return withoutOuterBlanks(parts);
}

// A blank means the same inside bold and after it, and none means anything at the end of a block.
function withoutOuterBlanks(parts) {
  const flat = [];
  for (const part of parts) {
    if (part.text === undefined) {
      flat.push(JSON.stringify(part));
      continue;
    }
    for (const piece of part.text.split(/(\s+)/).filter(Boolean)) flat.push(piece.trim() ? JSON.stringify([piece, part.marks]) : " ");
  }
  const isBlank = (piece) => piece === undefined || piece === " " || piece.includes('"hard_break"');
  while (flat.length && isBlank(flat[0])) flat.shift();
  while (flat.length && isBlank(flat.at(-1))) flat.pop();
  return flat.filter((piece, index) => piece !== " " || flat[index - 1] !== " ");
}

function shape(node) {
  if (node.isTextblock) return [node.type.name, attributesOf(node.attrs), words(node)];
  const children = [];
  node.forEach((child) => {
    const isEmpty = child.type.name === "paragraph" && words(child).length === 0;
    if (!isEmpty || node.type.name === "list_item") children.push(shape(child));
  });
  // The empty paragraphs that begin an item are the item itself; later ones are nothing.
  const kept = node.type.name === "list_item" ? children.filter((child, index) => index === 0 || child[2]?.length !== 0) : children;
  return [node.type.name, attributesOf(node.attrs), kept];
}

export function saySame(one, other) {
  return JSON.stringify(shape(one)) === JSON.stringify(shape(other));
}
