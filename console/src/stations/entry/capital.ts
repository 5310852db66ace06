// Chinese capital amounts (大写金额) as an echo beside what is keyed: the eye compares two forms of one amount.
// The writing follows the People's Bank's 支付结算办法 (1997), annex one, in the same forms as the server's kernel.
// The reading is lenient; the server judges, this one only shows.

const DIGITS = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"] as const;
const PLACES = [[1000n, "仟"], [100n, "佰"], [10n, "拾"], [1n, ""]] as const;

/** Amounts from here on (in 分) have no capital form. */
const LIMIT = 10_000_000_000_000_000n;

/** The capital form of an amount in 分; null when it has none. */
export function toCapital(minor: bigint): string | null {
  if (minor < 0n || minor >= LIMIT) return null;
  const yuan = minor / 100n;
  const jiao = (minor / 10n) % 10n;
  const fen = minor % 10n;
  if (minor === 0n) return "零元整";
  let text = yuan > 0n ? `${yuanText(yuan)}元` : "";
  if (jiao > 0n) text += `${yuan > 0n && yuan % 10n === 0n ? "零" : ""}${digit(jiao)}角`;
  if (fen > 0n) text += `${jiao === 0n && yuan > 0n ? "零" : ""}${digit(fen)}分`;
  return jiao === 0n && fen === 0n ? `${text}整` : text;
}

function digit(value: bigint): string {
  // The callers take digits out of numbers, so the index is 0 to 9.
  return DIGITS[Number.parseInt(value.toString(), 10)] ?? "";
}

function yuanText(yuan: bigint): string {
  const groups = [yuan / 1_000_000_000_000n, (yuan / 100_000_000n) % 10_000n, (yuan / 10_000n) % 10_000n, yuan % 10_000n];
  let text = "";
  let emptyBefore = false;
  groups.forEach((group, index) => {
    if (group > 0n) {
      if (text !== "" && (group < 1000n || emptyBefore)) text += "零";
      text += groupText(group);
      if (index === 0 || index === 2) text += "万";
      emptyBefore = false;
    } else if (text !== "") emptyBefore = true;
    if (index === 1 && text !== "") text += "亿";
  });
  return text;
}

/** 1 to 9999: one 零 for a run of zeros inside, none at the ends. */
function groupText(group: bigint): string {
  let text = "";
  let gap = false;
  for (const [place, unit] of PLACES) {
    const value = (group / place) % 10n;
    if (value === 0n) gap = text !== "";
    else {
      text += `${gap ? "零" : ""}${digit(value)}${unit}`;
      gap = false;
    }
  }
  return text;
}

const VALUES = new Map<string, bigint>([
  ..."零壹贰叁肆伍陆柒捌玖".split(""), // 0 to 9
].map((glyph, index) => [glyph, BigInt(index)]));
for (const [index, glyphs] of ["〇○", "一弌", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"].entries()) {
  for (const glyph of glyphs) VALUES.set(glyph, BigInt(index));
}
const UNITS = new Map<string, bigint>([["拾", 10n], ["十", 10n], ["佰", 100n], ["百", 100n], ["仟", 1000n], ["千", 1000n]]);

/** The amount in 分 that a keyed capital amount means; null when it does not read as one. */
export function fromCapital(text: string): bigint | null {
  const parts = /^(?:人民币)?(?:(.+)[元圆圓])?零?(?:(.)角)?零?(?:(.)分)?[整正]?$/u.exec(text.replace(/\s/g, ""));
  if (parts === null) return null;
  const [, yuanPart, jiaoPart, fenPart] = parts;
  if (yuanPart === undefined && jiaoPart === undefined && fenPart === undefined) return null;
  const yuan = yuanPart === undefined ? 0n : wholeNumber(yuanPart);
  const jiao = jiaoPart === undefined ? 0n : VALUES.get(jiaoPart);
  const fen = fenPart === undefined ? 0n : VALUES.get(fenPart);
  if (yuan === null || jiao === undefined || fen === undefined) return null;
  return yuan * 100n + jiao * 10n + fen;
}

function wholeNumber(text: string): bigint | null {
  for (const [mark, size] of [["亿", 100_000_000n], ["億", 100_000_000n], ["万", 10_000n], ["萬", 10_000n]] as const) {
    const at = text.lastIndexOf(mark);
    if (at < 0) continue;
    const high = wholeNumber(text.slice(0, at));
    const rest = text.slice(at + mark.length);
    const low = rest === "" ? 0n : wholeNumber(rest);
    return high === null || high === 0n || low === null || low >= size ? null : high * size + low;
  }
  return belowTenThousand(text);
}

function belowTenThousand(text: string): bigint | null {
  let sum = 0n;
  let pending: bigint | null = null;
  let lastUnit = 10_000n;
  for (const glyph of text) {
    const unit = UNITS.get(glyph);
    const value = VALUES.get(glyph);
    if (unit !== undefined) {
      if (unit >= lastUnit || pending === 0n) return null;
      sum += (pending ?? (sum === 0n && unit === 10n ? 1n : 0n)) * unit;
      pending = null;
      lastUnit = unit;
    } else if (value === undefined || (pending !== null && pending !== 0n)) return null;
    else pending = value;
  }
  return text === "" ? null : sum + (pending ?? 0n);
}
