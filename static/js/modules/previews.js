// Asks the server how it reads an entry. Only the last question of each asker is answered; answers are kept.

const PAUSE = 300; // milliseconds of quiet before asking
const MOST_KEPT = 300;
const kept = new Map();

export class Previewer {
  #url;
  #show;
  #timer = 0;
  #asked = "";

  /** `show(answer)` gets the server's answer; nothing happens while the server cannot be reached. */
  constructor(url, show) {
    this.#url = url;
    this.#show = show;
  }

  /** Ask once typing pauses; what is known is shown at once. */
  ask(question) {
    const body = JSON.stringify(question);
    this.#asked = body;
    clearTimeout(this.#timer);
    const known = kept.get(this.#url + body);
    if (known) this.#show(known);
    else this.#timer = setTimeout(() => this.#fetch(body), PAUSE);
  }

  /** Forget the question: there is nothing to ask any more. */
  drop() {
    this.#asked = "";
    clearTimeout(this.#timer);
  }

  async #fetch(body) {
    const answer = await post(this.#url, body);
    if (!answer) return;
    keep(this.#url + body, answer);
    if (this.#asked === body) this.#show(answer);
  }
}

/** Put a fragment under a field; one that is wider than its box can be scrolled by keyboard. */
export function showPreview(box, html) {
  box.innerHTML = html;
  box.hidden = !html;
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

async function post(url, body) {
  try {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function keep(key, answer) {
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
  kept.set(key, answer);
}
