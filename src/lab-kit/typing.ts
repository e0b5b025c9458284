/** Whether a key is a letter for a field, and no command for the page. */
export function isTyping({ target }: Event): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.matches('textarea, select, input:not([type=radio], [type=checkbox])')
  );
}
