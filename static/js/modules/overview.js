// All parts at a glance: empty, answered or unreadable, and which are flagged.

import { fieldsOf, readPart } from "./answer.js";

const MARGIN = 8; // pixels between the problem that is shown and the edge of the panel

export class Overview {
  constructor(root) {
    this.root = root;
    this.form = document.getElementById(root.dataset.for);
    for (const event of ["input", "change", "field:written", "field:read"]) {
      this.form.addEventListener(event, ({ target }) => this.refresh(target.closest("[data-part]")));
    }
    root.addEventListener("click", ({ target }) => target.closest("a") && this.close());
    this.panel = root.closest("[popover]");
    this.panel?.addEventListener("toggle", () => this.follow());
    this.form.addEventListener("attempt:shown", ({ detail }) => this.mark(detail.problem));
    for (const part of this.form.querySelectorAll("[data-part]")) this.refresh(part);
    this.mark(this.form.querySelector("[data-problem]:not(.is-away)")?.dataset.problem);
  }

  /** Whoever chose a part wants to see it, not the panel over it. */
  close() {
    if (this.panel?.matches(":popover-open")) this.panel.hidePopover();
  }

  refresh(part) {
    const entry = part && this.root.querySelector(`[data-overview-part="${CSS.escape(part.dataset.part)}"]`);
    if (!entry) return;
    const state = stateOf(part);
    const isFlagged = part.querySelector("[data-flag]")?.checked ?? false;
    entry.dataset.state = state;
    entry.toggleAttribute("data-flagged", isFlagged);
    const words = isFlagged ? `${state}, flagged` : state;
    const place = entry.querySelector("[data-overview-state]");
    if (place.textContent !== words) place.textContent = words;
    this.count();
  }

  count() {
    const place = this.root.querySelector("[data-overview-count]");
    if (!place) return;
    const entries = [...this.root.querySelectorAll("[data-overview-part]")];
    const answered = entries.filter(({ dataset }) => dataset.state !== "empty").length;
    place.textContent = `${answered} of ${entries.length} answered`;
  }

  mark(problem) {
    for (const link of this.root.querySelectorAll("[data-overview-problem]")) {
      if (link.dataset.overviewProblem === problem) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    this.follow();
  }

  /** Scrolls the panel, and only the panel, to the problem that is shown. */
  follow() {
    const problem = this.root.querySelector("[data-overview-problem][aria-current]")?.parentElement;
    if (!problem || !this.panel) return;
    const [there, seen] = [problem.getBoundingClientRect(), this.panel.getBoundingClientRect()];
    if (there.bottom > seen.bottom) this.panel.scrollTop += there.bottom - seen.bottom + MARGIN;
    else if (there.top < seen.top) this.panel.scrollTop -= seen.top - there.top + MARGIN;
  }
}

function stateOf(part) {
  if (fieldsOf(part).some(({ dataset }) => dataset.state === "unreadable")) return "unreadable";
  return Object.keys(readPart(part)).length ? "answered" : "empty";
}
