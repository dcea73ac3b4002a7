// What the page says under a field: how it is read, or why it cannot be read.

/** Show a reading: `state` is "blank", "read" or "unreadable". The overview hears of it. */
export function showReading(root, { state, sentence = "" }) {
  const line = root.querySelector(":scope > [data-status]");
  if (line.textContent !== sentence) line.textContent = sentence;
  root.dataset.state = state;
  root.dispatchEvent(new CustomEvent("field:read", { bubbles: true }));
}

/** Mark the controls that cannot be read, for eyes and screen readers. */
export function markUnreadable(controls, isUnreadable) {
  for (const control of controls) {
    if (isUnreadable(control)) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}
