/**
 * A log as a window of whole lines over a file that may be very large: opened at its end, read upwards and
 * downwards by byte ranges, added to while it is written. Offsets are bytes.
 */

export const PIECE = 256 * 1024;
export const MOST_PIECES = 48;

/** Reads bytes [start, end); fewer where the file is shorter. */
type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

interface Piece {
  start: number;
  end: number;
  lines: string[];
}

const NEWLINE = 10;
const decoder = new TextDecoder();

export class LogFile {
  private pieces: Piece[] = [];
  private tail = ""; // an unfinished last line that came live
  private busy = false;
  size = 0;
  /** Grows with every change. */
  version = 0;

  constructor(private readonly read: ReadRange) {}

  get start(): number {
    return this.pieces[0]?.start ?? 0;
  }

  get end(): number {
    return this.pieces.at(-1)?.end ?? 0;
  }

  get atStart(): boolean {
    return this.start === 0;
  }

  get atEnd(): boolean {
    return this.end >= this.size;
  }

  /** How many lines are loaded. */
  get length(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.lines.length, 0) + (this.tail ? 1 : 0);
  }

  line(index: number): string {
    let left = index;
    for (const piece of this.pieces) {
      if (left < piece.lines.length) return piece.lines[left] ?? "";
      left -= piece.lines.length;
    }
    return this.tail;
  }

  /** The last piece of a file of `size` bytes; what was loaded before is forgotten. */
  async openTail(size: number): Promise<void> {
    this.size = size;
    await this.openAt(Math.max(0, size - PIECE), size);
  }

  async openHead(): Promise<void> {
    await this.openAt(0, Math.min(PIECE, this.size));
  }

  /** The piece around an offset; the index of the line that holds it. */
  async openAround(offset: number): Promise<number> {
    const start = Math.max(0, offset - PIECE / 2);
    await this.openAt(start, Math.min(this.size, start + PIECE));
    return this.lineAt(offset);
  }

  private async openAt(start: number, end: number): Promise<void> {
    this.tail = "";
    const piece = end > start ? await this.load(start, end) : undefined;
    this.pieces = piece ? [piece] : [];
    this.version += 1;
  }

  /** One piece more at the top; how many lines that adds there. */
  async up(): Promise<number> {
    if (this.busy || this.atStart) return 0;
    return this.once(async () => {
      const end = this.start;
      const piece = await this.load(Math.max(0, end - PIECE), end);
      if (!piece || this.start !== end) return 0;
      this.pieces.unshift(piece);
      while (this.pieces.length > MOST_PIECES) this.pieces.pop();
      if (this.pieces.at(-1)?.end !== this.size) this.tail = "";
      this.version += 1;
      return piece.lines.length;
    });
  }

  /** One piece more at the bottom; how many lines went away at the top. */
  async down(): Promise<number> {
    if (this.busy || this.atEnd) return 0;
    return this.once(async () => {
      const start = this.end;
      const piece = await this.load(start, Math.min(this.size, start + PIECE), true);
      if (!piece || this.end !== start) return 0;
      this.pieces.push(piece);
      this.version += 1;
      return this.trim();
    });
  }

  /** Text that was written at the end, with the size after it; lines lost at the top are answered. */
  append(text: string, size: number): number {
    const wasAtEnd = this.atEnd;
    this.size = Math.max(this.size, size);
    if (!wasAtEnd) return 0;
    const lines = (this.tail + text).split("\n");
    this.tail = lines.pop() ?? "";
    const last = this.pieces.at(-1);
    if (last && last.end - last.start < PIECE) {
      last.lines.push(...lines);
      last.end = size;
    } else this.pieces.push({ start: this.end, end: size, lines });
    this.version += 1;
    return this.trim();
  }

  private trim(): number {
    let gone = 0;
    while (this.pieces.length > MOST_PIECES) gone += this.pieces.shift()?.lines.length ?? 0;
    return gone;
  }

  private async once(act: () => Promise<number>): Promise<number> {
    this.busy = true;
    try {
      return await act();
    } finally {
      this.busy = false;
    }
  }

  /** Whole lines only: what begins before the range belongs to the piece before. */
  private async load(start: number, end: number, whole = false): Promise<Piece | undefined> {
    let bytes = await this.read(start, end);
    let from = start;
    if (start > 0 && !whole) {
      const first = bytes.indexOf(NEWLINE);
      if (first >= 0 && first < bytes.length - 1) {
        bytes = bytes.subarray(first + 1);
        from += first + 1;
      }
    }
    let to = from + bytes.length;
    const last = bytes.lastIndexOf(NEWLINE);
    if (to < this.size && last >= 0 && last < bytes.length - 1) {
      bytes = bytes.subarray(0, last + 1);
      to = from + bytes.length;
    }
    if (bytes.length === 0) return undefined;
    const lines = linesOf(decoder.decode(bytes));
    if (to >= this.size && bytes.at(-1) !== NEWLINE) this.tail = lines.pop() ?? "";
    return { start: from, end: to, lines };
  }

  /** The loaded line that holds a byte. */
  private lineAt(offset: number): number {
    let index = 0;
    for (const piece of this.pieces) {
      if (offset >= piece.end) {
        index += piece.lines.length;
        continue;
      }
      let at = piece.start;
      for (const line of piece.lines) {
        at += new TextEncoder().encode(line).length + 1;
        if (at > offset) return index;
        index += 1;
      }
    }
    return Math.max(0, index - 1);
  }

  /**
   * The offset of the next place that holds `wanted`, any case, from `from` on and round the end; null where
   * there is none. It reads the file piece by piece until `signal` says enough.
   */
  async find(wanted: string, from: number, signal: AbortSignal): Promise<number | null> {
    const found = await this.findBetween(wanted, from, this.size, signal);
    if (found !== null || from === 0) return found;
    return this.findBetween(wanted, 0, Math.min(this.size, from + wanted.length * 4), signal);
  }

  private async findBetween(
    wanted: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<number | null> {
    const needle = wanted.toLowerCase();
    const overlap = new TextEncoder().encode(wanted).length;
    const step = PIECE * 4;
    for (let start = from; start < to && !signal.aborted; start += step) {
      const bytes = await this.read(start, Math.min(to, start + step + overlap));
      const at = decoder.decode(bytes).toLowerCase().indexOf(needle);
      if (at >= 0) {
        const before = decoder.decode(bytes).slice(0, at);
        return start + new TextEncoder().encode(before).length;
      }
    }
    return null;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
