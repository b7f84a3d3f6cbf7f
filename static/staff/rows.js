// The rows of a form: moved by buttons, keys or dragging, taken out, and each such step taken back. Texts have an undo of
// their own. Without this script rows are ordered by numbers, and taken out by ticks.
"use strict";

(function () {
  const root = document.querySelector(".writing");
  const form = root && root.querySelector("#content-main form");
  const bar = root && root.querySelector(".row-steps");
  if (!form || !bar) {
    return;
  }
  const told = bar.querySelector("[role=status]");
  const undoButton = bar.querySelector("button");
  const words = bar.dataset;
  const MAX_STEPS = 100;
  const steps = [];

  // Rows that are taken out stay in the page, hidden, until the form is sent.
  const ROW = ".inline-related:not(.empty-form):not([hidden])";

  function rowsOf(group) {
    return Array.from(group.querySelectorAll(ROW));
  }

  function nameOf(row) {
    const typed = Array.from(row.querySelectorAll("input[type=text], textarea")).find(function (field) {
      return field.value.trim() && !field.classList.contains("position");
    });
    const label = row.querySelector(".inline_label");
    return typed ? typed.value.trim().slice(0, 60) : label ? label.textContent.trim() : "";
  }

  function fill(sentence, row, place) {
    return sentence.replace("{name}", nameOf(row)).replace("{place}", place || "");
  }

  function tell(sentence) {
    told.textContent = sentence;
    bar.hidden = false;
    undoButton.hidden = steps.length === 0;
  }

  function changed(field) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // `takeBack` undoes one step, and gives what to focus and to say.
  function record(sentence, takeBack) {
    steps.push(takeBack);
    if (steps.length > MAX_STEPS) {
      steps.shift();
    }
    tell(sentence);
  }

  function undo() {
    const takeBack = steps.pop();
    if (!takeBack) {
      return;
    }
    const [place, sentence] = takeBack();
    tell(sentence);
    if (place) {
      for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) {
        fold.open = true;
      }
      place.focus();
    }
  }

  undoButton.addEventListener("click", undo);
  document.addEventListener("keydown", function (event) {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "z";
    const inText = event.target.closest("textarea, [contenteditable], input:not([type=checkbox]):not([type=radio])");
    if (isUndo && !inText && steps.length) {
      event.preventDefault();
      undo();
    }
  });

  function firstControl(row) {
    return row.querySelector(".row-move") || row.querySelector("input:not([type=hidden]), select, textarea");
  }

  // Places are numbered as the rows stand.
  function renumber(group) {
    rowsOf(group).forEach(function (row, index) {
      const place = row.querySelector("input.position");
      if (place && place.value !== String(index + 1)) {
        place.value = String(index + 1);
        changed(place);
      }
    });
  }

  function placeOf(row) {
    return String(rowsOf(row.closest(".inline-group")).indexOf(row) + 1);
  }

  function moveTo(row, other, after) {
    const group = row.closest(".inline-group");
    const next = row.nextElementSibling;
    if (other === row || (after ? other.nextElementSibling : other.previousElementSibling) === row) {
      return;
    }
    if (after) {
      other.after(row);
    } else {
      other.before(row);
    }
    renumber(group);
    record(fill(words.moved, row, placeOf(row)), function () {
      next.before(row);
      renumber(group);
      return [firstControl(row), fill(words.moved, row, placeOf(row))];
    });
  }

  function move(row, step) {
    const rows = rowsOf(row.closest(".inline-group"));
    const other = rows[rows.indexOf(row) + step];
    if (other) {
      moveTo(row, other, step > 0);
    }
  }

  function takeOut(row) {
    const group = row.closest(".inline-group");
    const rows = rowsOf(group);
    const beside = rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1];
    const name = nameOf(row);
    row.hidden = true;
    renumber(group);
    document.dispatchEvent(new CustomEvent("rows:changed"));
    const next = beside ? firstControl(beside) : group.querySelector(".add-row a");
    if (next) {
      next.focus();
    }
    record(words.removed.replace("{name}", name), function () {
      row.hidden = false;
      renumber(group);
      document.dispatchEvent(new CustomEvent("rows:changed"));
      return [firstControl(row), fill(words.back, row)];
    });
  }

  // Django would destroy a new row, and what was typed in it.
  document.addEventListener(
    "click",
    function (event) {
      const link = event.target.closest(".inline-deletelink");
      if (link && form.contains(link)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        takeOut(link.closest(".inline-related"));
      }
    },
    true,
  );

  // What is hidden is not sent, and the rows after it move up, as if it had never been added.
  form.addEventListener("formdata", function (event) {
    form.querySelectorAll(".inline-group").forEach(function (group) {
      const gone = Array.from(group.querySelectorAll(".inline-related[hidden]:not(.empty-form)"));
      if (gone.length) {
        leaveOut(event.formData, group, gone);
      }
    });
  });

  function leaveOut(data, group, gone) {
    const prefix = group.id.replace(/-group$/, "");
    const indexOf = function (row) {
      return Number(row.id.slice(prefix.length + 1));
    };
    const left = gone.map(indexOf);
    const entries = Array.from(data.entries());
    entries.forEach(function (entry) {
      const found = entry[0].slice(prefix.length + 1).match(/^(\d+)-(.*)$/);
      if (entry[0].startsWith(prefix + "-") && found) {
        data.delete(entry[0]);
      }
    });
    entries.forEach(function (entry) {
      const found = entry[0].slice(prefix.length + 1).match(/^(\d+)-(.*)$/);
      if (!entry[0].startsWith(prefix + "-") || !found || left.includes(Number(found[1]))) {
        return;
      }
      const before = left.filter(function (index) {
        return index < Number(found[1]);
      });
      data.append(prefix + "-" + (Number(found[1]) - before.length) + "-" + found[2], entry[1]);
    });
    const total = prefix + "-TOTAL_FORMS";
    data.set(total, String(Number(data.get(total)) - left.length));
  }

  // Boxes, choices and the ticks that take a saved row out.
  const CHOICE = "select, input[type=checkbox], input[type=radio]";
  const known = new WeakMap();

  function stateOf(field) {
    return field.matches("select") ? Array.from(field.options, (option) => option.selected) : field.checked;
  }

  function remember(within) {
    within.querySelectorAll(CHOICE).forEach(function (field) {
      known.set(field, stateOf(field));
    });
  }

  function labelOf(field) {
    const label = field.labels && field.labels[0];
    return label ? label.textContent.replace(/:\s*$/, "").trim() : "";
  }

  form.addEventListener("change", function (event) {
    const field = event.target;
    if (!field.matches(CHOICE) || field.type === "radio") {
      return;
    }
    const before = known.get(field);
    known.set(field, stateOf(field));
    const row = field.name.endsWith("-DELETE") && field.closest(".inline-related");
    const sentence = row && field.checked ? fill(words.removed, row) : words.changed.replace("{name}", labelOf(field));
    record(sentence, function () {
      if (field.matches("select")) {
        Array.from(field.options).forEach(function (option, index) {
          option.selected = before[index];
        });
      } else {
        field.checked = before;
      }
      known.set(field, stateOf(field));
      changed(field);
      return [field, row ? fill(words.back, row) : words.undone.replace("{name}", labelOf(field))];
    });
  });

  function addMoves(row) {
    const heading = row.querySelector("h3");
    const tools = row.querySelector(".row-tools") || heading;
    if (!row.querySelector("input.position") || !heading || tools.querySelector(".row-move")) {
      return;
    }
    const label = row.querySelector(".inline_label").textContent.trim();
    [
      [root.dataset.moveUp, -1, "↑"],
      [root.dataset.moveDown, 1, "↓"],
    ].forEach(function (kind) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "row-move";
      button.textContent = kind[2];
      button.setAttribute("aria-label", kind[0] + ": " + label);
      button.addEventListener("click", function () {
        move(row, kind[1]);
        button.focus();
      });
      tools.append(button);
    });
    heading.draggable = true;
    heading.addEventListener("dragstart", function (event) {
      event.dataTransfer.setData("text/plain", row.id);
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragover", function (event) {
      event.preventDefault();
    });
    row.addEventListener("drop", function (event) {
      const dragged = document.getElementById(event.dataTransfer.getData("text/plain"));
      if (dragged && dragged !== row && dragged.closest(".inline-group") === row.closest(".inline-group")) {
        event.preventDefault();
        const area = row.getBoundingClientRect();
        moveTo(dragged, row, event.clientY > area.top + area.height / 2);
      }
    });
  }

  // Alt and an arrow move the row in which the focus is, unless a text has it.
  form.addEventListener("keydown", function (event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest(ROW);
    if (!step || !event.altKey || !row || !row.querySelector("input.position")) {
      return;
    }
    if (event.target.closest("textarea, select, [contenteditable]")) {
      return;
    }
    const focused = document.activeElement;
    event.preventDefault();
    move(row, step);
    focused.focus();
  });

  form.querySelectorAll(ROW).forEach(addMoves);
  remember(form);
  form.addEventListener("row:opened", function (event) {
    remember(event.target);
  });
  document.addEventListener("formset:added", function (event) {
    addMoves(event.target);
    remember(event.target);
    // Its Remove link works from here on; the row itself is the step.
    const row = event.target;
    record(fill(words.added, row), function () {
      row.hidden = true;
      renumber(row.closest(".inline-group"));
      document.dispatchEvent(new CustomEvent("rows:changed"));
      return [row.closest(".inline-group").querySelector(".add-row a"), words.removed.replace("{name}", nameOf(row))];
    });
  });
})();
