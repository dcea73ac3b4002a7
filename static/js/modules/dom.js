// Making HTML elements.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A button that does something on this page. */
export function button(text, onClick, attributes = {}) {
  const made = element("button", { type: "button", class: "button-quiet", ...attributes }, text);
  made.addEventListener("click", onClick);
  return made;
}
