// MathLive, loaded when it is first wanted. The attempt page says where it is, if it is there at all.

let loading = null;

/** Where MathLive's module and fonts are (`mathlive`, `mathliveFonts`), or null where it was not installed. */
export function formulaEditorPlace() {
  return document.querySelector("[data-mathlive]")?.dataset ?? null;
}

/** A new editor holding `tex`, or null if it cannot be loaded. */
export async function makeFormulaEditor(place, label, tex) {
  const MathfieldElement = await (loading ??= load(place));
  if (!MathfieldElement) return null;
  const editor = new MathfieldElement({ popoverPolicy: "off" });
  editor.setAttribute("aria-label", label);
  editor.value = tex;
  return editor;
}

async function load({ mathlive, mathliveFonts }) {
  try {
    const { MathfieldElement } = await import(mathlive);
    MathfieldElement.fontsDirectory = new URL(mathliveFonts, document.baseURI).href;
    MathfieldElement.soundsDirectory = null;
    return MathfieldElement;
  } catch {
    loading = null; // offline perhaps: the next press tries again
    return null;
  }
}
