/** Puts a text on the clipboard; false where neither the browser nor the page may. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Electron gives the page no permissions at all; copying what is selected needs none.
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const field = document.createElement('textarea');
  const focused = document.activeElement;
  field.value = text;
  field.readOnly = true;
  field.className = 'copied-text';
  document.body.append(field);
  field.select();
  try {
    // Out of date and the only way left.
    return (document as { execCommand(command: string): boolean }).execCommand('copy');
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
