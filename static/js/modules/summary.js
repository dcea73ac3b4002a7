// One line for the whole page about what is not saved, what stands in the way, and the answers as a file.

import { button, element } from "./dom.js";

const PROBLEMS = {
  offline: "The server cannot be reached. This page tries again by itself.",
  "signed-out": "You are signed out. Sign in again in another tab; this page then goes on by itself.",
  "not-yours": "Another account is signed in here. Sign in as yourself in another tab; this page then goes on by itself.",
  refused: "The server does not take some of your changes.",
  older: "For some parts there is a newer answer. Please choose which one counts.",
};
const NOT_KEPT = "This browser cannot keep a copy: leave this page open.";
const KEPT = "Your changes are kept in this browser.";

export class SaveSummary {
  constructor(root) {
    this.root = root;
    this.form = document.getElementById(root.dataset.for);
    this.line = element("p", { role: "status" });
    const download = button("Download my answers", () => this.form.dispatchEvent(new CustomEvent("autosave:file")));
    const signIn = element("a", { href: this.form.dataset.signinUrl ?? "/sign-in", target: "_blank", rel: "noopener" }, "Sign in");
    this.signIn = signIn;
    root.append(this.line, signIn, download);
    this.form.addEventListener("autosave:told", ({ detail }) => this.show(detail));
  }

  show({ unsaved, problem, isKept }) {
    this.root.hidden = !problem && (isKept || !unsaved);
    this.root.dataset.problem = problem;
    this.signIn.hidden = !["signed-out", "not-yours"].includes(problem);
    const parts = unsaved === 1 ? "1 part is" : `${unsaved} parts are`;
    const sentence = `${parts} not saved. ${PROBLEMS[problem] ?? ""} ${isKept ? KEPT : NOT_KEPT}`.replaceAll(/ +/g, " ");
    if (this.line.textContent !== sentence) this.line.textContent = sentence;
  }
}
