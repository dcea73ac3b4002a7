// Saves every part of the attempt on its own, and keeps what is not acknowledged yet. See part-saver.js.

import { answersFile } from "./answers-file.js";
import { PartSaver } from "./part-saver.js";
import { serverTime } from "./server-time.js";
import { Unsaved } from "./unsaved.js";

const FIRST_WAIT = 1000; // milliseconds before the first try again
const LONGEST_WAIT = 30_000;
const LONGEST_AT_THE_END = 3000; // in the minute before and after the deadline
const THE_END = 60_000;
const POLL = 8000; // so that more time shows within ten seconds
const SPREAD = 3000; // over so long after the deadline the last saves of a room come in
const LATE_POLL = 2500; // when the deadline is over and the page waits for its hand-in
const PATIENCE = 5000; // how long a link waits for the last saves
const WAITING = new Set(["offline", "signed-out", "not-yours"]); // what passes without the student changing the answer

export class Autosave {
  constructor(root) {
    this.root = root;
    this.tab = crypto.randomUUID?.() ?? Math.random().toString(36).slice(2).padEnd(8, "0");
    this.unsaved = new Unsaved(root.dataset.attempt);
    this.wait = FIRST_WAIT;
    this.isHandedIn = false;
    serverTime.learn(root.dataset);
    this.savers = new Map([...root.querySelectorAll("[data-part]")].map((part) => [part, new PartSaver(part, this)]));
    this.openChannel();
    this.listen();
    this.restore();
    this.askAgain();
  }

  // What a part's saver asks of its page.

  target(part) {
    const { saveUrl, account } = this.root.dataset;
    return { url: saveUrl + encodeURIComponent(part), account };
  }

  heard(outcome) {
    this.learn(outcome);
    if (WAITING.has(outcome.kind)) return this.retryLater(outcome.wait);
    this.wait = FIRST_WAIT;
  }

  told() {
    queueMicrotask(() => this.tell());
  }

  acknowledged(saved) {
    this.channel?.postMessage({ ...saved, tab: this.tab });
  }

  // What happens on the page.

  listen() {
    this.root.addEventListener("input", ({ target }) => this.saverOf(target)?.changed());
    this.root.addEventListener("change", ({ target }) => this.saverOf(target)?.changed());
    this.root.addEventListener("focusout", ({ target }) => this.saverOf(target)?.send());
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.root.addEventListener("attempt:over", () => this.sendLast());
    this.root.addEventListener("autosave:file", () => this.download());
    document.addEventListener("click", (event) => this.afterSaving(event));
    window.addEventListener("online", () => this.comeBack());
    window.addEventListener("pagehide", () => this.sendAll(true));
    window.addEventListener("beforeunload", (event) => this.isUnsaved && !this.isHandedIn && event.preventDefault());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.sendAll(true) : this.wake()));
  }

  saverOf(target) {
    return this.savers.get(target.closest("[data-part]"));
  }

  /** Enter in a box and the Save button save by script; every other button of the form does what it says. */
  submit(event) {
    if (event.submitter && event.submitter.name !== "save") return;
    event.preventDefault();
    this.sendAll();
  }

  /** A link marked `data-after-saving` waits for the last saves. */
  async afterSaving(event) {
    const link = event.target.closest("a[data-after-saving]");
    if (!link || !this.isUnsaved || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    await Promise.race([this.sendAll(), new Promise((done) => setTimeout(done, PATIENCE))]);
    window.location.assign(link.href);
  }

  restore() {
    const byId = new Map([...this.savers.values()].map((saver) => [saver.id, saver]));
    for (const [part, entry] of this.unsaved.entries) byId.get(part)?.restore(entry);
  }

  /** All answers of the page as a file; each says whether the server has it. */
  download() {
    const parts = [...this.savers.values()].map((saver) => ({
      id: saver.id,
      value: saver.held().value,
      counter: saver.pending?.counter ?? saver.known,
      isUnsaved: saver.isUnsaved,
    }));
    answersFile(this.root.dataset.attempt, parts);
  }

  get isUnsaved() {
    return [...this.savers.values()].some((saver) => saver.isUnsaved);
  }

  sendAll(isLeaving = false) {
    return Promise.all([...this.savers.values()].filter((saver) => saver.isUnsaved).map((saver) => saver.send(isLeaving)));
  }

  /** Try again later, each time a little later, and never all browsers of a room at once. */
  retryLater(atLeast = 0) {
    if (this.retry) return; // parts that fail together are tried again together
    const longest = Math.abs(serverTime.left()) < THE_END ? LONGEST_AT_THE_END : LONGEST_WAIT;
    const wait = Math.max(atLeast, Math.min(this.wait, longest) * (0.5 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.retry = setTimeout(() => {
      this.retry = null;
      this.sendAll();
    }, wait);
  }

  /** What was waited for so far counts no more. */
  forgetWaiting() {
    clearTimeout(this.retry);
    this.retry = null;
    this.wait = FIRST_WAIT;
  }

  /** The network is back; the clock may have stood still meanwhile. */
  comeBack() {
    this.forgetWaiting();
    this.retryLater();
    this.ask();
  }

  wake() {
    this.forgetWaiting();
    this.sendAll();
    this.ask();
  }

  // Other tabs and machines.

  openChannel() {
    if (!("BroadcastChannel" in window)) return;
    this.channel = new BroadcastChannel(`endterm.${this.root.dataset.attempt}`);
    this.channel.addEventListener("message", ({ data }) => this.hearTab(data));
  }

  hearTab(saved) {
    for (const saver of this.savers.values()) if (saver.id === saved.part) saver.heardElsewhere(saved);
  }

  // The deadline and the state of the attempt.

  /** Take in the server's time. A reply that tells it saves asking for it: the pause begins again. */
  learn(reply) {
    serverTime.learn(reply);
    if (reply.now) this.askAgain();
  }

  askAgain() {
    clearTimeout(this.asking);
    const pause = (serverTime.left() > 0 ? POLL : LATE_POLL) * (0.9 + Math.random() / 10);
    this.asking = setTimeout(() => this.askWhileShown(), pause);
  }

  async askWhileShown() {
    if (!document.hidden) await this.ask();
    this.askAgain();
  }

  /** Not all browsers of a room in the same moment; the server's grace is longer by as much. */
  async sendLast() {
    await new Promise((done) => setTimeout(done, Math.random() * SPREAD));
    this.forgetWaiting();
    await this.sendAll();
    await this.ask();
  }

  async ask() {
    const state = await askState(this.root.dataset.stateUrl);
    if (!state) return;
    this.learn(state);
    for (const saver of this.savers.values()) {
      const counter = state.counters?.[saver.id] ?? 0;
      saver.heardElsewhere({ counter });
    }
    this.isHandedIn = state.state === "handed-in";
    this.root.dispatchEvent(new CustomEvent("attempt:state", { bubbles: true, detail: state }));
  }

  /** Tell the page how saving goes: how many parts are unsaved, and the worst that stands in the way. */
  tell() {
    const troubles = [...this.savers.values()].filter((saver) => saver.isUnsaved).map(({ trouble }) => trouble);
    const problem = ["refused", "not-yours", "signed-out", "offline", "older"].find((kind) => troubles.includes(kind)) ?? "";
    const detail = { unsaved: troubles.length, problem, isKept: this.unsaved.isDurable };
    this.root.dispatchEvent(new CustomEvent("autosave:told", { detail }));
  }
}

async function askState(url) {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
