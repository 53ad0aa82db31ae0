/** Colours of terminals as tokens of text; nothing of a log is ever markup. */
import Anser from "anser";

export interface Token {
  text: string;
  colour?: string;
  back?: string;
  bold?: boolean;
  faint?: boolean;
  underline?: boolean;
}

const LONGEST = 4000; // characters of a line that are shown

export function tokensOf(line: string): Token[] {
  const shown = (line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line).replace(/\r/g, "");
  if (!shown.includes("\u001b")) return [{ text: shown }];
  return Anser.ansiToJson(shown, { remove_empty: true, use_classes: true }).map((part) => ({
    text: part.content,
    colour: named(part.fg),
    back: named(part.bg),
    bold: part.decorations?.includes("bold"),
    faint: part.decorations?.includes("dim"),
    underline: part.decorations?.includes("underline"),
  }));
}

/** `ansi-bright-red` becomes `bright-red`; colours outside the sixteen are shown plain. */
function named(colour: string | null | undefined): string | undefined {
  return colour && /^ansi-(bright-)?(black|red|green|yellow|blue|magenta|cyan|white)$/.test(colour)
    ? colour.slice("ansi-".length)
    : undefined;
}
