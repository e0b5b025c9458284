/** Puts text on the clipboard. False where there is none, as on http pages from the LAN, or the browser forbids it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
