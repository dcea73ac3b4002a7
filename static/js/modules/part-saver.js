// Saves one part: notes every change with a counter, sends it after a pause, and says where it stands.

import { readPart, writePart } from "./answer.js";
import { button, element } from "./dom.js";
import { sendSave } from "./save-request.js";
import { serverTime, timeOfDay } from "./server-time.js";

const PAUSE = 1000; // milliseconds after the last change
const WORDS = {
  changed: "Changed",
  saving: "Saving …",
  offline: "Offline: kept in this browser",
  "signed-out": "Signed out: kept in this browser",
  "not-yours": "Another account is signed in: kept in this browser",
  older: "Not saved: there is a newer answer",
};

export class PartSaver {
  /** `page` has target(part), tab, unsaved, heard(reply) and told(saver). */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.id = root.dataset.part;
    this.known = Number(root.dataset.counter) || 0;
    this.flag = root.querySelector("[data-flag]");
    this.saved = this.held();
    this.pending = null;
    this.sending = null;
    this.trouble = ""; // what stood in the way last time; it stays while a try is under way
    this.say(root.dataset.savedAt ? "saved" : "", root.dataset.savedAt);
  }

  /** What the part's form holds: the answer and the flag. */
  held() {
    return { value: readPart(this.root), flagged: this.flag?.checked ?? false };
  }

  get isUnsaved() {
    return this.pending !== null;
  }

  /** The form may have changed: note it, and save after a pause. */
  changed() {
    const now = this.held();
    if (isSame(now, this.pending ?? this.saved)) return;
    this.note(now);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  note({ value, flagged }) {
    const before = this.pending ?? this.saved;
    const cleared = isBlank(value) && (!isBlank(before.value) || Boolean(before.cleared));
    const last = Math.max(this.known, this.pending?.counter ?? 0);
    const counter = Math.max(last + 1, Math.round(serverTime.now()));
    this.keep({ value, flagged, cleared, counter, tab: this.page.tab });
    this.endConflict();
    this.say("changed");
  }

  keep(entry) {
    this.pending = entry;
    this.page.unsaved.keep(this.id, entry);
  }

  /** A change that an earlier page could not get acknowledged: show it, and send it as it was. */
  restore(entry) {
    const shown = this.held();
    writePart(this.root, entry.value);
    if (this.flag) this.flag.checked = Boolean(entry.flagged);
    this.keep(entry);
    if (entry.counter > this.known) this.send();
    else if (isSame(entry, shown)) this.acknowledge(entry, { counter: this.known, saved_at: this.root.dataset.savedAt });
    else this.beginConflict({ ...shown, counter: this.known, saved_at: this.root.dataset.savedAt });
  }

  /** Send what is pending; a save that is under way is waited for, with what follows it. */
  send(isLeaving = false) {
    clearTimeout(this.timer);
    if (!this.pending || this.conflict) return null;
    if (this.sending && !isLeaving) return this.sending;
    this.sending = this.sendNow(this.pending, isLeaving);
    return this.sending;
  }

  async sendNow(entry, isLeaving) {
    this.say("saving");
    const outcome = await sendSave(this.page.target(this.id), entry, isLeaving);
    this.sending = null;
    this.page.heard(outcome);
    this.take(outcome, entry);
    if (outcome.kind === "saved" && this.pending) await this.send();
  }

  take(outcome, entry) {
    this.trouble = ["saved", "empty"].includes(outcome.kind) ? "" : outcome.kind;
    if (outcome.kind === "saved") return this.acknowledge(entry, outcome);
    if (outcome.kind === "older") return this.beginConflict(outcome);
    if (outcome.kind === "empty") return this.adopt(outcome);
    this.say(outcome.kind, outcome.message);
  }

  acknowledge(entry, { counter, saved_at: savedAt }) {
    this.known = Math.max(this.known, counter);
    this.saved = { value: entry.value, flagged: entry.flagged };
    this.page.unsaved.drop(this.id, entry.counter);
    if (this.pending?.counter === entry.counter) this.pending = null;
    this.say(this.pending ? "changed" : "saved", savedAt);
    this.page.acknowledged?.({ ...this.saved, part: this.id, counter: this.known, saved_at: savedAt });
  }

  /** The server or another tab has a newer answer: show that one. */
  adopt({ value, flagged, counter, saved_at: savedAt }) {
    this.known = Math.max(this.known, counter ?? 0);
    writePart(this.root, value);
    if (this.flag) this.flag.checked = Boolean(flagged);
    this.saved = this.held();
    if (this.pending) this.page.unsaved.drop(this.id, this.pending.counter);
    this.pending = null;
    this.trouble = "";
    this.endConflict();
    this.say("saved", savedAt);
  }

  /** Another page saved this part: with its answer where it told us, else only that there is one. */
  heardElsewhere(newer) {
    if (newer.counter <= this.known || this.sending) return;
    if (this.pending) return; // its own save will settle which is newer
    if (newer.value) this.adopt(newer);
    else this.offerReload(newer.counter);
    this.remark("Changed in another window.");
  }

  offerReload(counter) {
    this.known = counter;
    this.endConflict();
    const reload = button("Show it", () => window.location.reload());
    this.showConflict(element("p", {}, "This part was changed in another window or on another computer."), reload);
  }

  beginConflict(newer) {
    this.known = Math.max(this.known, newer.counter);
    this.endConflict();
    const when = newer.saved_at ? ` at ${timeOfDay(newer.saved_at)}` : "";
    this.showConflict(
      element("p", {}, `A newer answer to this part was saved elsewhere${when}. Yours is kept in this browser.`),
      button("Use the newer answer", () => this.adopt(newer)),
      button("Keep mine", () => this.keepMine()),
    );
    this.say("older");
  }

  showConflict(...content) {
    this.conflict = element("div", { class: "save-conflict", role: "alert" }, ...content);
    this.line()?.after(this.conflict);
  }

  keepMine() {
    this.trouble = "";
    this.endConflict();
    this.note(this.held());
    this.send();
  }

  endConflict() {
    this.conflict?.remove();
    this.conflict = null;
  }

  remark(sentence) {
    const line = this.line();
    if (line) line.append(element("span", { class: "save-remark" }, ` ${sentence}`));
  }

  say(state, detail) {
    const line = this.line();
    this.state = state;
    if (line) {
      line.dataset.saveState = state;
      line.textContent = wordsFor(state, detail);
    }
    this.page.told(this);
  }

  line() {
    return this.root.querySelector("[data-save-state]");
  }
}

/** `detail` is the time of saving, or why the server refused. */
function wordsFor(state, detail) {
  if (state === "saved") return detail ? `Saved ${timeOfDay(detail)}` : "Saved";
  if (state === "refused") return `Not saved: ${detail ?? "the server refused it"}`;
  return WORDS[state] ?? "";
}

function isBlank(value) {
  return Object.keys(value).length === 0;
}

function isSame(a, b) {
  return JSON.stringify([a.value, Boolean(a.flagged)]) === JSON.stringify([b.value, Boolean(b.flagged)]);
}
