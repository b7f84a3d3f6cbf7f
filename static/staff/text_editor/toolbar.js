// The buttons over a text: one stop of the Tab key, arrow keys from button to button.
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  isInTable,
  liftListItem,
  redo,
  redoDepth,
  sinkListItem,
  toggleMark,
  undo,
  undoDepth,
} from "./vendor/prosemirror.js";
import {
  addDefinition,
  around,
  insertAtom,
  insertTable,
  isHeading,
  isInList,
  isMarkActive,
  toggleHeading,
  toggleList,
} from "./commands.js";
import { say } from "./words.js";

// `pressed`: what makes a button look pressed; `open`: a window of the field that the button opens; `isRare`: shown after More.
export function toolsFor(schema) {
  const { nodes, marks } = schema;
  const inTable = (command) => (state, dispatch) => isInTable(state) && command(state, dispatch);
  const tools = [
    { label: say("Bold"), key: "Ctrl+B", run: toggleMark(marks.strong), pressed: (state) => isMarkActive(state, marks.strong) },
    { label: say("Italic"), key: "Ctrl+I", run: toggleMark(marks.em), pressed: (state) => isMarkActive(state, marks.em) },
    { label: say("Link"), key: "Ctrl+K", open: "link", pressed: (state) => isMarkActive(state, marks.link) },
    { label: say("Source"), open: "source" },
  ];
  if (nodes.bullet_list) {
    tools.push(
      { label: say("List"), run: toggleList(nodes.bullet_list), pressed: isInList(nodes.bullet_list) },
      { label: say("Numbered list"), run: toggleList(nodes.ordered_list), pressed: isInList(nodes.ordered_list) },
      { label: say("Move in"), key: "Ctrl+]", run: sinkListItem(nodes.list_item), where: isInItem },
      { label: say("Move out"), key: "Ctrl+[", run: liftListItem(nodes.list_item), where: isInItem },
      { label: say("Heading"), run: toggleHeading(1), pressed: isHeading(1) },
      { label: say("Subheading"), run: toggleHeading(2), pressed: isHeading(2), isRare: true },
      { label: say("Word and meaning"), run: addDefinition, isRare: true },
      { label: say("Table"), run: insertTable, isRare: true },
      { label: say("Picture"), open: "picture", isRare: true },
      { label: say("Add row"), run: inTable(addRowAfter), where: isInTable },
      { label: say("Add column"), run: inTable(addColumnAfter), where: isInTable },
      { label: say("Delete row"), run: inTable(deleteRow), where: isInTable },
      { label: say("Delete column"), run: inTable(deleteColumn), where: isInTable },
      { label: say("Delete table"), run: inTable(deleteTable), where: isInTable },
    );
  }
  tools.push(
    { label: say("Emergency number"), run: insertAtom(nodes.placeholder), isRare: Boolean(nodes.bullet_list) },
    { label: say("Undo"), key: "Ctrl+Z", run: undo, isPossible: (state) => undoDepth(state) > 0 },
    { label: say("Redo"), key: "Ctrl+Y", run: redo, isPossible: (state) => redoDepth(state) > 0 },
  );
  return tools;
}

function isInItem(state) {
  return around(state, (node) => node.type.name === "list_item") !== null;
}

export class Toolbar {
  constructor({ label, tools, onTool, onSwitch }) {
    this.element = document.createElement("div");
    this.element.className = "text-editor-tools";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", label);
    this.buttons = tools.map((tool) => this.button(tool.label, () => onTool(tool), tool));
    this.views = { text: this.button(say("Text"), () => onSwitch("text")), source: this.button(say("Markdown"), () => onSwitch("source")) };
    const group = document.createElement("span");
    group.className = "text-editor-views";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", say("Show as"));
    group.append(this.views.text, this.views.source);
    this.more = this.button(say("More"), () => this.toggleMore());
    this.more.setAttribute("aria-expanded", "false");
    this.element.append(group, ...this.buttons.map((each) => each.button), this.more);
    this.element.addEventListener("keydown", (event) => this.move(event));
    this.element.addEventListener("focusin", (event) => this.setStop(event.target));
    // The words keep their selection when a button is pressed with the mouse.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  button(label, onPress, tool) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.textContent = label;
    if (tool?.key) button.title = `${label} (${tool.key})`;
    if (tool?.open) button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") onPress();
    });
    return tool ? { button, tool } : button;
  }

  toggleMore() {
    this.more.setAttribute("aria-expanded", String(!this.isExpanded()));
    this.show("text", this.state);
  }

  isExpanded() {
    return this.more.getAttribute("aria-expanded") === "true";
  }

  shown() {
    return [...this.element.querySelectorAll("button")].filter((button) => !button.hidden);
  }

  setStop(button) {
    for (const each of this.element.querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
  }

  move(event) {
    const buttons = this.shown();
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  }

  // `state` is what the editor holds; none while the Markdown is shown.
  show(view, state) {
    this.state = state;
    this.more.hidden = !state || !this.buttons.some(({ tool }) => tool.isRare);
    this.views.text.setAttribute("aria-pressed", String(view === "text"));
    this.views.source.setAttribute("aria-pressed", String(view === "source"));
    for (const { button, tool } of this.buttons) {
      button.hidden = !state || Boolean((tool.where && !tool.where(state)) || (tool.isRare && !this.isExpanded()));
      if (!state) continue;
      if (tool.pressed) button.setAttribute("aria-pressed", String(tool.pressed(state)));
      const isPossible = tool.isPossible ? tool.isPossible(state) : !tool.run || tool.run(state);
      button.setAttribute("aria-disabled", String(!isPossible));
    }
    const stop = this.shown().find((button) => button.tabIndex === 0) || this.shown()[0];
    if (!this.element.contains(document.activeElement)) this.setStop(stop);
  }
}
