/** Hands a file to the person: the browser or Electron asks where to keep or how to open it. */
export function saveFile(name: string, base64: string, type: FileType = 'pdf'): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: mediaTypes[type] }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun with the click; the copy in memory may be a patient's and goes at once.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 1000);
}

const mediaTypes = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
type FileType = keyof typeof mediaTypes;
