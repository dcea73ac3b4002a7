// Changes that the server has not acknowledged yet, kept in this browser until it has. A browser that refuses
// to keep them (private mode, full storage) leaves us the memory of the page.

const HEAD = "endterm.unsaved.";

export class Unsaved {
  #prefix;
  #memory = new Map();
  #refused = new Set(); // parts whose change this browser would not keep

  constructor(attempt) {
    this.#prefix = `${HEAD}${attempt}.`;
    this.#load();
  }

  /** Whether a reload would find every change again. */
  get isDurable() {
    return this.#refused.size === 0;
  }

  /** Entries { value, flagged, cleared, counter, tab } by part. */
  get entries() {
    return new Map(this.#memory);
  }

  /** Keep a change, unless another tab has kept a newer one. */
  keep(part, entry) {
    this.#memory.set(part, entry);
    const isKept = tried(() => {
      if ((this.#stored(part)?.counter ?? 0) > entry.counter) return;
      localStorage.setItem(this.#prefix + part, JSON.stringify(entry));
    });
    if (isKept) this.#refused.delete(part);
    else this.#refused.add(part);
  }

  /** Forget a part's change up to `counter`: the server has it, or has a newer one. */
  drop(part, counter) {
    if ((this.#memory.get(part)?.counter ?? Infinity) <= counter) this.#memory.delete(part);
    if (!this.#memory.has(part)) this.#refused.delete(part);
    tried(() => {
      if ((this.#stored(part)?.counter ?? Infinity) <= counter) localStorage.removeItem(this.#prefix + part);
    });
  }

  #load() {
    tried(() => {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix));
      for (const part of keys.map((key) => key.slice(this.#prefix.length))) {
        const entry = this.#stored(part);
        if (entry) this.#memory.set(part, entry);
      }
    });
  }

  #stored(part) {
    try {
      const entry = JSON.parse(localStorage.getItem(this.#prefix + part));
      return Number.isSafeInteger(entry?.counter) && entry.value && typeof entry.value === "object" ? entry : null;
    } catch (fault) {
      if (fault instanceof SyntaxError) return null;
      throw fault;
    }
  }
}

/** Whether the storage of this browser let us. */
function tried(act) {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
