// Answers of the attempt as a file, for when nothing else works. It has the form of a line of an answer file, with
// a few words more, so that the staff can take it in and `endterm grade` can mark it.

import { serverTime } from "./server-time.js";

/** Download `parts`: each with `id`, `value`, `counter` (of its newest change) and `isUnsaved` (the server has not got it). */
export function answersFile(attempt, parts) {
  const all = [...parts];
  const file = {
    format: "endterm answers 1",
    id: attempt,
    written: new Date(serverTime.now()).toISOString(),
    unsaved: all.filter(({ isUnsaved }) => isUnsaved).map(({ id }) => id),
    counters: Object.fromEntries(all.map(({ id, counter }) => [id, counter])),
    answers: Object.fromEntries(all.map(({ id, value }) => [id, value])),
  };
  download(`answers-${attempt}.json`, `${JSON.stringify(file)}\n`);
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
