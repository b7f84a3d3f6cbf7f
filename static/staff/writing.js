// A form that is written in: kept on the server every few seconds, shown beside itself as readers will see it,
// its sections unfolded. Without this script the form works as it is.
"use strict";

(function () {
  const EVERY = 5000;
  const root = document.querySelector(".writing");
  const form = root && root.querySelector("#content-main form");
  if (!form || !root.dataset.autosave) {
    return;
  }
  const status = root.querySelector(".draft-status");
  const aside = root.querySelector(".draft-preview");
  const frame = aside && aside.querySelector("iframe");

  let typed = 0;
  let kept = 0;
  let sending = false;
  let leaving = false;
  let request = Promise.resolve();
  let lastTyped = Date.now();

  function say(text) {
    if (status.textContent !== text) {
      status.textContent = text;
    }
  }

  async function keep() {
    if (sending || leaving || typed === kept) {
      return;
    }
    sending = true;
    const upTo = typed;
    try {
      const data = new FormData(form);
      // Files are not kept: a browser cannot fill one in again.
      Array.from(data.keys()).forEach(function (name) {
        if (data.get(name) instanceof File) {
          data.delete(name);
        }
      });
      const response = await fetch(root.dataset.autosave, {
        method: "POST",
        body: data,
        redirect: "manual",
        // Keeping a draft is no sign of somebody at the keyboard: typing is.
        headers: { "X-Idle-Seconds": String(Math.floor((Date.now() - lastTyped) / 1000)) },
      });
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      const answer = await response.json();
      kept = upTo;
      const others = answer.others.length ? " " + status.dataset.presence + " " + answer.others.join(", ") : "";
      say(answer.message + others);
      if (kept === typed) {
        document.dispatchEvent(new CustomEvent("draft:kept"));
      }
      showPreview();
    } catch (error) {
      say(status.dataset.lost);
    } finally {
      sending = false;
    }
  }

  function showPreview() {
    if (!frame || aside.hidden) {
      return;
    }
    const at = frame.contentWindow && frame.contentDocument ? frame.contentWindow.scrollY : 0;
    frame.addEventListener(
      "load",
      function () {
        if (frame.contentWindow) {
          frame.contentWindow.scrollTo(0, at);
        }
      },
      { once: true },
    );
    frame.src = root.dataset.draft + "?" + Date.now();
  }

  function note() {
    typed += 1;
    lastTyped = Date.now();
  }
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  document.addEventListener("rows:changed", function () {
    typed += 1;
  });
  setInterval(function () {
    request = keep();
  }, EVERY);

  // A draft that arrives after the form was saved would look like another person's words.
  form.addEventListener("submit", function (event) {
    if (sending && !event.defaultPrevented) {
      event.preventDefault();
      request.then(function () {
        form.requestSubmit(event.submitter || undefined);
      });
      return;
    }
    // The field of a text may hold the form back.
    setTimeout(function () {
      leaving = !event.defaultPrevented;
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    leaving = false;
  });

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "s") {
      const save = form.querySelector('[name="_continue"]');
      if (save) {
        event.preventDefault();
        form.requestSubmit(save);
      }
    }
  });

  if (aside) {
    aside.hidden = false;
    root.classList.add("has-preview");
    aside.querySelectorAll("[data-width]").forEach(function (button) {
      button.addEventListener("click", function () {
        if (button.dataset.width === "none") {
          const hides = !frame.hidden;
          frame.hidden = hides;
          root.classList.toggle("has-preview", !hides);
          button.setAttribute("aria-pressed", String(hides));
          return;
        }
        aside.dataset.width = button.dataset.width;
        aside.querySelectorAll('[data-width="phone"], [data-width="wide"]').forEach(function (other) {
          other.setAttribute("aria-pressed", String(other === button));
        });
      });
    });
    aside.dataset.width = "phone";
    showPreview();
  }

  // A long list of boxes to tick gets a field to search it.
  function addFilter(list) {
    const boxes = Array.from(list.querySelectorAll("label"));
    if (boxes.length < 12 || list.classList.contains("choice-list")) {
      return;
    }
    list.classList.add("choice-list");
    const field = document.createElement("input");
    field.type = "search";
    field.className = "choice-filter";
    field.setAttribute("aria-label", root.dataset.find);
    field.placeholder = root.dataset.find;
    field.addEventListener("input", function (event) {
      event.stopPropagation();
      const wanted = field.value.trim().toLowerCase();
      boxes.forEach(function (label) {
        const box = label.querySelector("input");
        label.parentElement.hidden = !box.checked && !label.textContent.toLowerCase().includes(wanted);
      });
    });
    list.before(field);
  }
  function addFilters(within) {
    within.querySelectorAll(".field-adapted_from .flex-container > div, .field-sources .flex-container > div").forEach(addFilter);
  }
  addFilters(form);

  const SHORT_LIST = 8;
  form.querySelectorAll(".inline-group > fieldset > details").forEach(function (list) {
    list.open = list.querySelectorAll(".inline-related:not(.empty-form)").length <= SHORT_LIST;
  });

  form.addEventListener("row:opened", function (event) {
    addFilters(event.target);
  });
  document.addEventListener("formset:added", function (event) {
    event.target.querySelectorAll(".choice-list").forEach(function (list) {
      list.previousElementSibling.remove();
      list.classList.remove("choice-list");
    });
    addFilters(event.target);
    typed += 1;
  });
})();
