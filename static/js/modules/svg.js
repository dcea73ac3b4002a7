// Making SVG elements.

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A pointer's place in the units of an element's viewBox. */
export function placeIn(element, event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(element.getScreenCTM().inverse());
  return [place.x, place.y];
}

/** Let a finger draw on these parts of a drawing; elsewhere it scrolls the page. (`touch-action` is for whole drawings.) */
export function drawByTouch(drawing, parts) {
  const keep = (event) => {
    if (event.touches.length === 1 && event.target.closest(parts)) event.preventDefault();
  };
  drawing.addEventListener("touchstart", keep, { passive: false });
}
