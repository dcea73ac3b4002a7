// At the deadline the last changes are sent, and the server hands in: this page never does. It only waits for the
// server to say so, or to say that there is more time, and then goes on.

import { element } from "./dom.js";
import { serverTime } from "./server-time.js";

const WORDS = {
  asking: "Time is up. Sending what is not saved yet …",
  closed: "Time is up. The server hands in what was saved; the result follows in a moment.",
};

export class Deadline {
  constructor(root) {
    this.root = root;
    this.notice = element("p", { class: "time-up", role: "alert", hidden: "" });
    root.prepend(this.notice);
    serverTime.addEventListener("moved", () => this.watch());
    root.addEventListener("attempt:state", ({ detail }) => this.hear(detail));
    this.watch();
  }

  /** Wait for the deadline that is known now; it may move at any time. */
  watch() {
    clearTimeout(this.timer);
    if (serverTime.left() > 0) this.reopen();
    if (serverTime.deadline === null) return;
    const wait = Math.min(Math.max(serverTime.left(), 0), 60_000);
    this.timer = setTimeout(() => (serverTime.left() > 0 ? this.watch() : this.over()), wait);
  }

  over() {
    this.say(WORDS.asking);
    this.root.dispatchEvent(new CustomEvent("attempt:over"));
  }

  hear({ state, result }) {
    if (state === "handed-in") return window.location.assign(result);
    if (serverTime.left() > 0) return;
    this.say(WORDS.closed);
    for (const part of this.root.querySelectorAll("[data-part]")) part.inert = true;
  }

  reopen() {
    this.notice.hidden = true;
    for (const part of this.root.querySelectorAll("[data-part][inert]")) part.inert = false;
  }

  say(sentence) {
    this.notice.hidden = false;
    if (this.notice.textContent !== sentence) this.notice.textContent = sentence;
  }
}
