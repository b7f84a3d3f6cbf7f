// Words that are selected in a passage are filled in when its form opens. Without this they are copied by hand.
"use strict";

(function () {
  let selected = { passage: null, words: "" };

  // Pressing a button takes the selection away, so it is remembered while it is made.
  document.addEventListener("selectionchange", function () {
    const selection = document.getSelection();
    const node = selection && selection.anchorNode;
    const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    const passage = element && element.closest("[data-passage]");
    const words = selection ? selection.toString().replace(/\s+/g, " ").trim() : "";
    if (passage && words && passage.contains(selection.focusNode)) {
      selected = { passage: passage, words: words.slice(0, 500) };
    }
  });

  document.querySelectorAll(".comment-here").forEach(function (details) {
    details.addEventListener("toggle", function () {
      const passage = details.parentElement.querySelector("[data-passage]");
      const quote = details.querySelector("input[name=quote]");
      if (!details.open) {
        return;
      }
      if (passage === selected.passage && !quote.value) {
        quote.value = selected.words;
      }
      details.querySelector("textarea").focus();
    });
  });
})();
