// The server's clock and the attempt's deadline, as last heard from the server. The clock of this machine may be
// wrong: it only measures how long ago that was.

class ServerTime extends EventTarget {
  #heardNow = Date.now();
  #heardAt = performance.now();
  deadline = null;

  /** Milliseconds since 1970 by the server's clock. */
  now() {
    return this.#heardNow + (performance.now() - this.#heardAt);
  }

  /** Milliseconds to the deadline; negative once it is over, infinite without one. */
  left() {
    return this.deadline === null ? Infinity : this.deadline - this.now();
  }

  /** Take in `now` and `deadline` of a reply; "moved" is told if the deadline is another one. */
  learn({ now, deadline }) {
    if (now) [this.#heardNow, this.#heardAt] = [Date.parse(now), performance.now()];
    const before = this.deadline;
    if (deadline) this.deadline = Date.parse(deadline);
    if (before !== null && before !== this.deadline) this.dispatchEvent(new Event("moved"));
  }
}

export const serverTime = new ServerTime();

/** The time of day of a moment (milliseconds or ISO text) in the page's time zone, such as 14:02. */
export function timeOfDay(moment) {
  const timeZone = document.querySelector("[data-time-zone]")?.dataset.timeZone || undefined;
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(new Date(moment));
}
