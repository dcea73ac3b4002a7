// Starts the modules that a page asks for: `data-module="name"` gets `new Class(element)`, in document order.

import { Attempt } from "./modules/attempt.js";
import { Autosave } from "./modules/autosave.js";
import { Clock } from "./modules/clock.js";
import { Deadline } from "./modules/deadline.js";
import { Figure } from "./modules/figures.js";
import { GraphEditor } from "./modules/graph-editor.js";
import { MathField } from "./modules/math-field.js";
import { Matrix } from "./modules/matrix.js";
import { NumberEcho } from "./modules/number-echo.js";
import { Options } from "./modules/options.js";
import { Overview } from "./modules/overview.js";
import { Resend } from "./modules/resend.js";
import { Rows } from "./modules/rows.js";
import { SaveSummary } from "./modules/summary.js";
import { Shortcuts } from "./modules/shortcuts.js";
import { SketchPad } from "./modules/sketch-pad.js";
import { TextPreview } from "./modules/text-preview.js";

const MODULES = {
  attempt: Attempt,
  autosave: Autosave,
  clock: Clock,
  deadline: Deadline,
  figure: Figure,
  "graph-editor": GraphEditor,
  "math-field": MathField,
  matrix: Matrix,
  "number-echo": NumberEcho,
  options: Options,
  overview: Overview,
  resend: Resend,
  rows: Rows,
  "save-summary": SaveSummary,
  shortcuts: Shortcuts,
  "sketch-pad": SketchPad,
  "text-preview": TextPreview,
};

document.documentElement.classList.add("js");
for (const root of document.querySelectorAll("[data-module]")) {
  for (const name of root.dataset.module.split(" ")) start(name, root);
}

/** A module that fails leaves the others, and the plain form below it, at work. */
function start(name, root) {
  try {
    new MODULES[name](root);
  } catch (fault) {
    console.error(`${name} could not start`, fault);
  }
}
