// All answers of the attempt as a file, for when nothing else works.

import { serverTime } from "./server-time.js";

/** Download what the page holds now; each part says whether the server has it. */
export function answersFile(attempt, savers) {
  const answers = Object.fromEntries([...savers].map((saver) => [saver.id, {
    ...saver.held(),
    counter: saver.pending?.counter ?? saver.known,
    saved: !saver.isUnsaved,
  }]));
  const written = new Date(serverTime.now()).toISOString();
  download(`answers-${attempt}.json`, JSON.stringify({ format: "endterm answers 1", attempt, written, answers }, null, 2));
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
