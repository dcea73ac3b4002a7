// On pages other than the attempt itself (hand-in, result): sends what an attempt page could not get acknowledged.

import { sendSave } from "./save-request.js";
import { Unsaved } from "./unsaved.js";

export class Resend {
  constructor(root) {
    this.root = root;
    this.unsaved = new Unsaved(root.dataset.attempt);
    this.send();
  }

  async send() {
    const entries = [...this.unsaved.entries];
    if (!entries.length) return;
    this.say(`Saving ${count(entries.length)} that had not been saved yet …`);
    const results = await Promise.all(entries.map(([part, entry]) => this.sendOne(part, entry)));
    const left = results.filter((isSaved) => !isSaved).length;
    this.say(left ? `${count(left)} could not be saved yet: please go back to the attempt.` : "All answers are saved now. Reload to see them here.");
  }

  async sendOne(part, entry) {
    const { kind } = await sendSave(`${this.root.dataset.saveUrl}${encodeURIComponent(part)}`, entry);
    if (kind === "saved") this.unsaved.drop(part, entry.counter);
    return kind === "saved";
  }

  say(sentence) {
    this.root.hidden = false;
    this.root.textContent = sentence;
  }
}

function count(parts) {
  return parts === 1 ? "1 part" : `${parts} parts`;
}
