// Saves the file that the page's side made, once.
let last = null;

export default function ({ data: { mark, name, mime, content } }) {
  if (mark === last) return;
  last = mark;
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: mime }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
