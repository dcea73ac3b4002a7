// One save of one part, and what the server's answer means.

const PATIENCE = 15_000; // milliseconds before a request counts as lost
const KEEPALIVE_LIMIT = 60_000; // characters; browsers refuse larger requests that outlive the page

/**
 * The outcome: `kind` is "saved", "older", "empty", "refused", "signed-out", "not-yours" or "offline"; the rest is the reply.
 * `target` has the `url` of the part and the `account` for which the page was made.
 */
export async function sendSave({ url, account }, entry, isLeaving = false) {
  const { counter, tab, value, flagged, cleared } = entry;
  const body = JSON.stringify({ counter, tab, value, flagged, cleared }, wholeCharacters);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      keepalive: isLeaving && body.length < KEEPALIVE_LIMIT,
      signal: isLeaving ? null : AbortSignal.timeout(PATIENCE),
    });
    return outcomeOf(response, await response.json(), account);
  } catch {
    return { kind: "offline" }; // no network, no answer in time, or an answer that is not ours
  }
}

/** Half a character, which some input methods leave behind, becomes � and not a save that is refused for ever. */
function wholeCharacters(_key, entry) {
  return typeof entry === "string" ? (entry.toWellFormed?.() ?? entry) : entry;
}

function outcomeOf(response, reply, account) {
  if (response.ok) return { ...reply, kind: "saved" };
  if (response.status === 409 && ["older", "empty"].includes(reply.error)) return { ...reply, kind: reply.error };
  if (response.status === 401) return { ...reply, kind: "signed-out" };
  if (reply.error === "unknown" && reply.account !== account) return { ...reply, kind: "not-yours" }; // somebody else signed in, in this browser
  if (response.status >= 500 || response.status === 429 || response.status === 408) return { ...reply, kind: "offline", wait: waitOf(response) };
  return { ...reply, kind: "refused" };
}

function waitOf(response) {
  return Number(response.headers.get("retry-after")) * 1000 || 0;
}
