// The attempt is one document with all problems; this shows one at a time. The place in it is the page's #fragment,
// so links, the Back button and a reload work as everywhere.

export class Attempt {
  constructor(root) {
    this.root = root;
    this.problems = [...root.querySelectorAll("[data-problem]")];
    this.key = `endterm.place.${root.dataset.attempt}`;
    window.addEventListener("hashchange", () => this.show(this.target(), true));
    root.addEventListener("attempt:step", ({ detail }) => this.step(detail));
    this.show(this.target() ?? this.lastPlace() ?? this.problems[0], false);
  }

  target() {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const target = id && document.getElementById(id);
    return target && this.problemOf(target) ? target : null;
  }

  lastPlace() {
    try {
      return this.problems.find(({ id }) => id === sessionStorage.getItem(this.key));
    } catch {
      return null; // storage may be forbidden
    }
  }

  show(target, isMove) {
    if (!target) return;
    const shown = this.problemOf(target);
    for (const problem of this.problems) problem.classList.toggle("is-away", problem !== shown);
    this.remember(shown);
    this.root.dispatchEvent(new CustomEvent("attempt:shown", { detail: { problem: shown.dataset.problem } }));
    if (isMove) this.goTo(target);
  }

  goTo(target) {
    const heading = target.querySelector("[tabindex='-1'], h2, h3");
    if (heading) heading.tabIndex = -1;
    (heading ?? target).focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  }

  step(by) {
    const index = this.problems.findIndex((problem) => !problem.classList.contains("is-away")) + by;
    const next = this.problems[index];
    if (next) window.location.hash = next.id;
  }

  problemOf(target) {
    return target.closest("[data-problem]");
  }

  remember(problem) {
    try {
      sessionStorage.setItem(this.key, problem.id);
    } catch {
      // storage may be forbidden; then a reload shows the first problem
    }
  }
}
