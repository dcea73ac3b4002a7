// The time that is left, by the server's clock, and a word at the times that matter.

import { serverTime } from "./server-time.js";
import { element } from "./dom.js";

const SOON = 10 * 60_000;
const VERY_SOON = 2 * 60_000;
const SPOKEN = [30, 10, 5, 1]; // minutes

export class Clock {
  constructor(root) {
    this.root = root;
    this.text = root.querySelector("[data-clock-left]");
    this.voice = element("span", { class: "visually-hidden", role: "status" });
    root.append(this.voice);
    this.last = serverTime.left();
    serverTime.addEventListener("moved", () => this.moved());
    this.tick();
  }

  tick() {
    const left = serverTime.left();
    if (Number.isFinite(left)) this.show(left);
    const toNextSecond = Number.isFinite(left) && left > 0 ? (left % 1000) + 5 : 1000;
    setTimeout(() => this.tick(), toNextSecond);
  }

  show(left) {
    this.text.textContent = clockText(left);
    this.root.dataset.clock = left <= 0 ? "over" : left <= VERY_SOON ? "very-soon" : left <= SOON ? "soon" : "calm";
    const passed = SPOKEN.find((minutes) => this.last > minutes * 60_000 && left <= minutes * 60_000);
    if (passed) this.voice.textContent = `${passed} ${passed === 1 ? "minute" : "minutes"} left.`;
    this.last = left;
  }

  moved() {
    this.voice.textContent = `The time was changed: ${Math.max(0, Math.round(serverTime.left() / 60_000))} minutes left.`;
    this.last = serverTime.left();
  }
}

/** Minutes and seconds, with hours from an hour on: 1:29:59, 59:59, 0:05. */
export function clockText(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
