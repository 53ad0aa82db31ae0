/** How wide the names of branches are drawn, near enough to make room for them. */

/** Pixels between two nodes that a label leaves free, on both sides together. */
export const BESIDE = 24;
const PADDING = 12; // on both sides together
const NARROW = 6.8; // pixels of a Latin letter
const WIDE = 12.5; // of a Chinese character
const LEAST = 3; // characters that are always shown

export function widthOf(text: string): number {
  return PADDING + [...text].reduce((sum, each) => sum + (each > "\u2e7f" ? WIDE : NARROW), 0);
}

/** As much of the text as fits. */
export function fitted(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  while (letters.length > LEAST && widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("")}…`;
}
