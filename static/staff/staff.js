// What the forms of staff need beyond Django's own scripts: live previews with names, in rows that are added
// later as well; a Tab key that leaves a text; the way from advice to its place; and a warning before unsaved words
// are lost.
"use strict";

(function () {
  function nameOf(editor) {
    const label = document.querySelector('label[for="' + editor.id + '"]');
    return label ? label.textContent.replace(/:\s*$/, "").trim() : "";
  }

  // A group and not a region: a list of forty landmarks would help nobody.
  function namePreviews(root) {
    root.querySelectorAll(".markdownx").forEach(function (box) {
      const editor = box.querySelector(".markdownx-editor");
      const preview = box.querySelector(".markdownx-preview");
      preview.setAttribute("role", "group");
      preview.setAttribute("aria-label", editor.dataset.preview + ": " + nameOf(editor));
      preview.dataset.empty = editor.dataset.previewEmpty;
    });
  }

  // Django gives a list of boxes to tick no name of its own.
  function nameGroups(root) {
    root.querySelectorAll(".form-row .flex-container > label:not([for])").forEach(function (label) {
      const group = label.nextElementSibling;
      if (group && group.querySelector("input[type=checkbox], input[type=radio]")) {
        group.setAttribute("role", "group");
        group.setAttribute("aria-label", label.textContent.replace(/:\s*$/, "").trim());
      }
    });
  }

  // The editor looks for its text areas once, when its script runs; so for a new row it runs again.
  function startEditors(row) {
    const editors = row.querySelectorAll(".markdownx-editor");
    const source = document.querySelector('script[src*="markdownx"]');
    if (!editors.length || !source) {
      return;
    }
    editors.forEach(function (editor) {
      editor.removeAttribute("data-markdownx-init");
    });
    const again = document.createElement("script");
    again.src = source.src;
    document.head.append(again);
  }

  // Django numbers the fields of a new row, and forgets what they say their help is.
  function describeFields(row) {
    row.querySelectorAll('[aria-describedby*="__prefix__"]').forEach(function (field) {
      field.setAttribute("aria-describedby", field.id + "_helptext");
    });
  }

  // The editor takes the Tab key, so that the keyboard could never leave a text, and its other keys change
  // the first line that looks like the present one. It is given none of them.
  document.addEventListener(
    "keydown",
    function (event) {
      if (event.target.matches(".markdownx-editor")) {
        event.stopPropagation();
      }
    },
    true,
  );

  // The place that a finding is about, selected in its text and in the middle of the window.
  function showPlace(button) {
    const editor = button.closest(".markdownx").querySelector(".markdownx-editor");
    const start = Number(button.dataset.start);
    editor.focus({ preventScroll: true });
    editor.setSelectionRange(start, Number(button.dataset.end));
    const part = start / Math.max(1, editor.value.length);
    editor.scrollTop = part * editor.scrollHeight - editor.clientHeight / 2;
    const box = editor.getBoundingClientRect();
    window.scrollBy(0, box.top + part * box.height - window.innerHeight / 2);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest(".markdownx .writing-help-jump");
    if (button) {
      showPlace(button);
    }
  });

  // A preview that comes late takes the place of the button that the keyboard has just reached.
  let reached = null;
  document.addEventListener("focusin", function (event) {
    reached = event.target.closest(".writing-help-jump");
  });
  document.addEventListener(
    "markdownx.update",
    function (event) {
      if (reached && !reached.isConnected && document.activeElement === document.body) {
        const same = '.writing-help-jump[data-start="' + reached.dataset.start + '"]';
        const button = event.target.querySelector(same) || event.target.querySelector(".writing-help-jump");
        (button || event.target.querySelector(".markdownx-editor")).focus();
      }
    },
    true,
  );

  let unsaved = false;
  document.addEventListener("DOMContentLoaded", function () {
    namePreviews(document);
    nameGroups(document);
    const form = document.querySelector("#content-main form");
    if (form) {
      // After a conflict, or a mistake, what was typed stands in the form and is not saved yet either.
      unsaved = document.querySelector(".merge-conflict, .errornote") !== null;
      form.addEventListener("input", function () {
        unsaved = true;
      });
      form.addEventListener("submit", function () {
        unsaved = false;
      });
      // What is kept as a draft on the server is not lost with the window.
      document.addEventListener("draft:kept", function () {
        unsaved = false;
      });
    }
  });
  document.addEventListener("formset:added", function (event) {
    // The new row stands above the button that made it: whoever uses the keyboard goes on in the row.
    event.target.querySelector("input:not([type=hidden]), select, textarea").focus();
    describeFields(event.target);
    namePreviews(event.target);
    nameGroups(event.target);
    startEditors(event.target);
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved) {
      event.preventDefault();
    }
  });
})();
