/** The clipboard. */

/** Put `text` on the clipboard and say so. */
export async function copy(text: string): Promise<void> {
  const note = document.querySelector("#note");
  try {
    await navigator.clipboard.writeText(text);
    if (note) note.textContent = `copied ${text.slice(0, 12)}`;
  } catch {
    if (note) note.textContent = "the browser does not allow copying";
  }
  window.setTimeout(() => note && (note.textContent = ""), 2_000);
}
