// Undo and redo for editors whose value is small: whole values are kept.

const MOST_STEPS = 200;

export class History {
  #steps;
  #at = 0;
  #merging = "";

  constructor(value) {
    this.#steps = [JSON.stringify(value)];
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return this.#at < this.#steps.length - 1;
  }

  /** Remember a value; steps with the same `merging`, such as letters typed into one box, are one step. */
  push(value, merging = "") {
    const step = JSON.stringify(value);
    if (step === this.#steps[this.#at]) return;
    const start = merging && merging === this.#merging ? this.#at : this.#at + 1;
    this.#steps.splice(start, Infinity, step);
    if (this.#steps.length > MOST_STEPS) this.#steps.shift();
    this.#at = this.#steps.length - 1;
    this.#merging = merging;
  }

  undo() {
    return this.#go(Math.max(this.#at - 1, 0));
  }

  redo() {
    return this.#go(Math.min(this.#at + 1, this.#steps.length - 1));
  }

  #go(at) {
    this.#at = at;
    this.#merging = "";
    return JSON.parse(this.#steps[at]);
  }
}
