// On pages other than the attempt itself (hand-in, result): sends what an attempt page could not get acknowledged.
// As long as something is left, the form named by `data-form` says so, and the server asks before it hands in.
// What the server refuses for good can be taken away as a file.

import { answersFile } from "./answers-file.js";
import { button, element } from "./dom.js";
import { sendSave } from "./save-request.js";
import { Unsaved } from "./unsaved.js";

export class Resend {
  constructor(root) {
    this.root = root;
    this.form = document.getElementById(root.dataset.form ?? "");
    this.unsaved = new Unsaved(root.dataset.attempt);
    this.send();
  }

  async send() {
    const entries = [...this.unsaved.entries];
    if (!entries.length) return;
    for (const [part, entry] of entries) this.form?.append(held(part, entry));
    this.say(`Saving ${count(entries.length)} that had not been saved yet …`);
    const outcomes = await Promise.all(entries.map(([part, entry]) => this.sendOne(part, entry)));
    this.say(sentenceFor(outcomes));
    if (outcomes.includes("refused")) this.root.append(" ", button("Download what is left", () => this.download()));
  }

  /** "saved", "late" (kept apart for the instructor), "refused" or "left". */
  async sendOne(part, entry) {
    const { saveUrl, account } = this.root.dataset;
    const outcome = await sendSave({ url: saveUrl + encodeURIComponent(part), account }, entry);
    if (outcome.kind === "refused" && !outcome.kept) return "refused";
    if (outcome.kind !== "saved" && !outcome.kept) return "left";
    this.unsaved.drop(part, entry.counter);
    this.form?.querySelector(`[name=unsaved][value^="${part} "]`)?.remove();
    return outcome.kind === "saved" ? "saved" : "late";
  }

  download() {
    const parts = [...this.unsaved.entries].map(([id, { value, counter }]) => ({ id, value, counter, isUnsaved: true }));
    answersFile(this.root.dataset.attempt, parts);
  }

  say(sentence) {
    this.root.hidden = false;
    this.root.textContent = sentence;
  }
}

function held(part, entry) {
  return element("input", { type: "hidden", name: "unsaved", value: `${part} ${entry.counter}` });
}

function sentenceFor(outcomes) {
  const { left = 0, refused = 0, late = 0 } = tally(outcomes);
  if (left) return `${count(left)} could not be saved yet and is kept in this browser: please go back to the attempt.`;
  if (refused) return `${count(refused)} cannot be saved any more. Download what this browser holds and give it to the instructor.`;
  if (late) return `${count(late)} changed too late to count. The change is kept for the instructor.`;
  return "All answers are saved now. Reload to see them here.";
}

function tally(outcomes) {
  return outcomes.reduce((found, one) => ({ ...found, [one]: (found[one] ?? 0) + 1 }), {});
}

function count(parts) {
  return parts === 1 ? "1 part" : `${parts} parts`;
}
