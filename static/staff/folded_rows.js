// Rows of a form that are one line until they are opened: their fields are fetched then, and never again. Without this script
// a button in each row shows them.
"use strict";

(function () {
  const root = document.querySelector(".writing");
  const form = root && root.querySelector("#content-main form");
  if (!form || !root.dataset.rows) {
    return;
  }
  const seen = form.querySelector('[name="seen_values"]');
  const opening = new Map();

  function place(row) {
    // Rows are renumbered when one above them is taken away; the field of the id is always there.
    const name = row.querySelector('input[name$="-id"]').name;
    return name.replace(/-id$/, "");
  }

  async function fetchFields(fold, holder, part) {
    const row = fold.closest(".inline-related");
    const target = place(row) + part;
    const answer = await fetch(root.dataset.rows + "?" + new URLSearchParams({ row: target, pk: fold.dataset.pk }), { redirect: "error" });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const opened = parsed.querySelector(".opened-row");
    seen.value += " " + opened.dataset.seen;
    holder.replaceChildren(...opened.childNodes);
    if (!part) {
      row.querySelectorAll(":scope > input.position").forEach(function (field) {
        holder.querySelectorAll("input.position").forEach(function (shown) {
          shown.value = field.value;
        });
        field.remove();
      });
    }
    holder.dispatchEvent(new CustomEvent("row:opened", { bubbles: true }));
  }

  // One request for each fold; whoever asks again waits for the same.
  function open(fold, holder, part) {
    if (!opening.has(holder)) {
      const request = fetchFields(fold, holder, part);
      opening.set(holder, request);
      request.catch(function () {
        // The button of the row is still there, and keeps what was typed.
        opening.delete(holder);
        root.querySelector(".draft-status").textContent = root.dataset.rowLost;
      });
    }
    return opening.get(holder);
  }

  function openRow(row) {
    const fold = row.querySelector(":scope > .row-fold");
    fold.open = true;
    return fold.dataset.row ? open(fold, fold.querySelector(".row-fields"), "") : Promise.resolve();
  }

  form.addEventListener(
    "toggle",
    function (event) {
      if (event.target.matches(".row-fold[data-row]") && event.target.open) {
        openRow(event.target.closest(".inline-related"));
      }
    },
    true,
  );

  form.addEventListener("click", function (event) {
    const button = event.target.closest('button[name="_open"]');
    if (!button) {
      return;
    }
    const part = button.closest(".shut-fold-texts");
    event.preventDefault();
    if (!part) {
      openRow(button.closest(".inline-related"));
      return;
    }
    const name = part.dataset.row.split("-").pop();
    open(part, part, "-" + name).then(
      function () {
        part.querySelector("input:not([type=hidden]), textarea").focus();
        form.dispatchEvent(new Event("input", { bubbles: true }));
      },
      function () {},
    );
  });

  // A link to a field leads into the row that it stands in, or to the row itself.
  async function reach(hash) {
    const id = hash.slice(1);
    const found = /^(?:id_)?([a-z_]+-\d+)(-|$)/.exec(id);
    const row = found && document.getElementById(found[1]);
    if (row && !row.classList.contains("empty-form")) {
      for (let around = row.parentElement; around; around = around.parentElement) {
        if (around.tagName === "DETAILS") {
          around.open = true;
        }
      }
      await openRow(row);
    }
    const target = id && document.getElementById(id);
    for (let around = target; around && around !== form; around = around.parentElement) {
      if (around.tagName === "DETAILS") {
        around.open = true;
      }
    }
    if (row && target) {
      target.scrollIntoView({ block: "center" });
      if (target.matches("input, select, textarea") && !target.hidden) {
        target.focus();
      }
      document.dispatchEvent(new CustomEvent("row:reached", { detail: hash }));
    }
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href*='#']");
    if (link && link.origin + link.pathname === window.location.origin + window.location.pathname && link.hash) {
      reach(link.hash).catch(function () {});
    }
  });
  window.addEventListener("load", function () {
    reach(window.location.hash).catch(function () {});
  });
})();
