// Where two candidates differ, character by character: an 8 beside a B is what the checker has to see.

export interface Piece {
  text: string;
  /** Only on this side. */
  own: boolean;
}

/** Both texts cut into pieces that are shared or their own; by longest common subsequence, for texts of a voucher's length. */
export function differences(a: string, b: string): { a: Piece[]; b: Piece[] } {
  const [left, right] = [Array.from(a), Array.from(b)];
  const common = table(left, right);
  const cut = { a: [] as Piece[], b: [] as Piece[] };
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [x, y] = [left[i], right[j]];
    if (x !== undefined && x === y) {
      append(cut.a, x, false);
      append(cut.b, x, false);
      i += 1;
      j += 1;
    } else if (y === undefined || (x !== undefined && at(common, i + 1, j) >= at(common, i, j + 1))) {
      append(cut.a, x ?? "", true);
      i += 1;
    } else {
      append(cut.b, y, true);
      j += 1;
    }
  }
  return cut;
}

/** Lengths of the longest common subsequences of the tails. */
function table(left: string[], right: string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const longest = left[i] === right[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
      if (row !== undefined) row[j] = longest;
    }
  }
  return lengths;
}

const at = (lengths: number[][], i: number, j: number): number => lengths[i]?.[j] ?? 0;

function append(pieces: Piece[], text: string, own: boolean): void {
  const last = pieces.at(-1);
  if (last !== undefined && last.own === own) last.text += text;
  else pieces.push({ text, own });
}
