// Changes that the server has not acknowledged yet, kept in this browser until it has. A browser that refuses
// to keep them (private mode, full storage) leaves us the memory of the page.

const HEAD = "endterm.unsaved.";

export class Unsaved {
  #prefix;
  #memory = new Map();
  isDurable = true;

  constructor(attempt) {
    this.#prefix = `${HEAD}${attempt}.`;
    this.#load();
  }

  /** Entries { value, flagged, cleared, counter, tab } by part. */
  get entries() {
    return new Map(this.#memory);
  }

  /** Keep a change, unless another tab has kept a newer one. */
  keep(part, entry) {
    this.#memory.set(part, entry);
    this.#inStorage(() => {
      if ((this.#stored(part)?.counter ?? 0) > entry.counter) return;
      localStorage.setItem(this.#prefix + part, JSON.stringify(entry));
    });
  }

  /** Forget a part's change up to `counter`: the server has it, or has a newer one. */
  drop(part, counter) {
    if ((this.#memory.get(part)?.counter ?? Infinity) <= counter) this.#memory.delete(part);
    this.#inStorage(() => {
      if ((this.#stored(part)?.counter ?? Infinity) <= counter) localStorage.removeItem(this.#prefix + part);
    });
  }

  #load() {
    this.#inStorage(() => {
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

  #inStorage(act) {
    try {
      act();
      this.isDurable = true;
    } catch {
      this.isDurable = false;
    }
  }
}
