// What the forms of staff need beyond Django's own scripts: names for groups, help for the fields of new rows, and a
// warning before unsaved words are lost. Texts have scripts of their own, in text_editor/.
"use strict";

(function () {
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

  // Django numbers the fields of a new row, and forgets what they say their help is.
  function describeFields(row) {
    row.querySelectorAll('[aria-describedby*="__prefix__"]').forEach(function (field) {
      field.setAttribute("aria-describedby", field.id + "_helptext");
    });
  }

  let unsaved = false;
  document.addEventListener("DOMContentLoaded", function () {
    nameGroups(document);
    const form = document.querySelector("#content-main form");
    if (form) {
      // After a conflict, or a mistake, what was typed stands in the form and is not saved yet either.
      unsaved = document.querySelector(".merge-conflict, .errornote") !== null;
      form.addEventListener("input", function () {
        unsaved = true;
      });
      form.addEventListener("submit", function (event) {
        unsaved = event.defaultPrevented;
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
    nameGroups(event.target);
  });
  document.addEventListener("row:opened", function (event) {
    nameGroups(event.target);
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved) {
      event.preventDefault();
    }
  });
})();
