// The form of a self-check: rows that are added in place, and ways on that follow what is typed. Without this script the
// form has blank rows to fill in.
"use strict";

(function () {
  const root = document.querySelector(".flow-form");
  if (!root) {
    return;
  }
  const NEW = ":new";

  function rowsOf(group) {
    return Array.from(group.querySelectorAll(".inline-related"));
  }

  function added(row) {
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
  }

  // A name for a new row that no other row of `within` has.
  function freeRef(within) {
    const used = new Set(Array.from(within.querySelectorAll('input[name$="-ref"]'), (field) => field.value));
    let number = 0;
    while (used.has("#" + number)) {
      number += 1;
    }
    return "#" + number;
  }

  function make(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  function addRow(group) {
    const total = group.querySelector(`[name="${group.dataset.rows}-TOTAL_FORMS"]`);
    const index = total.value;
    const template = group.querySelector(":scope > fieldset > template");
    const ref = freeRef(group);
    const html = template.innerHTML.replaceAll("#__prefix__", ref).replaceAll("__prefix__", index);
    const row = make(html.replaceAll(`__number__`, String(rowsOf(group).length + 1)));
    template.before(row);
    total.value = String(Number(index) + 1);
    start(row);
    added(row);
    refresh();
    return row;
  }

  function addSmallRow(rows) {
    const template = rows.querySelector(":scope > template");
    let index = 0;
    const name = template.innerHTML.match(/name="([^"]*)__row__/)[1];
    while (rows.querySelector(`[name^="${name}${index}-"]`)) {
      index += 1;
    }
    const html = template.innerHTML.replaceAll("__row__", String(index)).replaceAll("__ref__", freeRef(rows));
    const row = make(html.replaceAll("__number__", String(index + 1)));
    template.before(row);
    row.querySelector("textarea, select").focus();
    refresh();
  }

  // What the selects offer, as it stands in the form now.
  function setOptions(holder, options, keep) {
    const known = new Map(Array.from(holder.children, (option) => [option.value, option]));
    const wanted = new Set(options.map((option) => option[0]));
    known.forEach(function (option, value) {
      if (value && !wanted.has(value) && !option.selected && !value.endsWith(NEW)) {
        option.remove();
      }
    });
    options.forEach(function ([value, label]) {
      const option = known.get(value) || document.createElement("option");
      option.value = value;
      option.textContent = label;
      holder.insertBefore(option, keep ? holder.querySelector(`option[value$="${NEW}"]`) : null);
    });
  }

  function firstWords(row, field) {
    const typed = row.querySelector(`[name$="-${field}"]`);
    return typed ? typed.value.slice(0, 60) : "";
  }

  function targetsOf(kind) {
    const [prefix, field] = kind === "question" ? ["questions", "text"] : ["outcomes", "title"];
    const group = document.getElementById(`${prefix}-group`);
    return rowsOf(group).map(function (row, index) {
      const ref = row.querySelector(`:scope > [name="${row.id}-ref"]`).value;
      const label = group.querySelector("h3 b").textContent.replace(/:\s*$/, "");
      return [`${kind}:${ref}`, `${label} ${index + 1}: ${firstWords(row, field)}`];
    });
  }

  function choicesOf(question) {
    const signs = Array.from(question.querySelectorAll(".sign-list input:checked"), function (box) {
      return ["sign:" + box.value, box.parentElement.textContent.trim()];
    });
    const own = Array.from(question.querySelectorAll('.flow-row [name$="-ref"]'), function (ref) {
      return [ref.value, ref.parentElement.querySelector("textarea").value];
    });
    return [...signs, ...own.filter((choice) => choice[1])];
  }

  function refresh() {
    const targets = { question: targetsOf("question"), outcome: targetsOf("outcome") };
    root.querySelectorAll("#questions-group .inline-related").forEach(function (question) {
      const choices = choicesOf(question);
      question.querySelectorAll("[data-when]").forEach((select) => setOptions(select, choices, false));
      question.querySelectorAll("[data-target] optgroup").forEach(function (group) {
        setOptions(group, targets[group.dataset.kind], true);
      });
    });
  }

  function start(within) {
    within.querySelectorAll("[data-add], [data-add-row]").forEach(function (button) {
      button.hidden = false;
    });
  }

  root.addEventListener("click", function (event) {
    if (event.target.matches("[data-add]")) {
      addRow(event.target.closest("[data-rows]"));
    } else if (event.target.matches("[data-add-row]")) {
      addSmallRow(event.target.closest(".flow-rows"));
    }
  });
  let waiting = 0;
  root.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 200);
  });
  root.addEventListener("change", function (event) {
    const select = event.target;
    if (select.matches("[data-target]") && select.value.endsWith(NEW)) {
      const kind = select.value.split(":")[0];
      const row = addRow(document.getElementById(kind === "question" ? "questions-group" : "outcomes-group"));
      select.value = `${kind}:${row.querySelector(`:scope > [name="${row.id}-ref"]`).value}`;
    }
    refresh();
  });

  // Another checklist has other signs; what is ticked stays ticked where it has the same.
  const checklist = document.getElementById("id_checklist");
  if (checklist) {
    checklist.addEventListener("change", async function () {
      const answer = await fetch(`${root.dataset.signs}?checklist=${encodeURIComponent(checklist.value)}`);
      if (!answer.ok) {
        return;
      }
      const html = await answer.text();
      const fill = function (list, name) {
        const ticked = new Set(Array.from(list.querySelectorAll("input:checked"), (box) => box.value));
        list.innerHTML = html.replaceAll("__name__", name);
        list.querySelectorAll("input").forEach(function (box) {
          box.checked = ticked.has(box.value);
        });
      };
      const template = root.querySelector("#questions-group > fieldset > template").content;
      [template, root].forEach(function (within) {
        within.querySelectorAll(".field-signs").forEach((field) => fill(field.querySelector(".sign-list"), field.dataset.name));
      });
      refresh();
    });
  }

  start(root);
  refresh();
})();
