import { describe, expect, it } from "vitest";
import { fromCapital, toCapital } from "./capital";
import { differences } from "./diff";
import { readEntry, type EntryField } from "./entry";
import { bankCodeFits, citizenIdFits, dateOf, groupedByFour, minorOf, repairWidth, thousands } from "./figures";

// The same table as the kernel's, so that the echo never shows another form than the server writes.
const CAPITAL: [string, string][] = [
  ["0", "零元整"], ["0.01", "壹分"], ["0.10", "壹角"], ["0.32", "叁角贰分"], ["1", "壹元整"], ["1.01", "壹元零壹分"], ["1.10", "壹元壹角"],
  ["10", "壹拾元整"], ["10.05", "壹拾元零伍分"], ["10.50", "壹拾元零伍角"], ["101", "壹佰零壹元整"], ["325.04", "叁佰贰拾伍元零肆分"],
  ["1000.50", "壹仟元零伍角"], ["1409.50", "壹仟肆佰零玖元伍角"], ["1680.32", "壹仟陆佰捌拾元零叁角贰分"], ["6007.14", "陆仟零柒元壹角肆分"],
  ["10001", "壹万零壹元整"], ["16409.02", "壹万陆仟肆佰零玖元零贰分"], ["107000.53", "壹拾万柒仟元零伍角叁分"], ["1002003", "壹佰万贰仟零叁元整"],
  ["10203040", "壹仟零贰拾万叁仟零肆拾元整"], ["100000000", "壹亿元整"], ["100007000", "壹亿零柒仟元整"], ["107000000", "壹亿零柒佰万元整"],
  ["1070000000", "壹拾亿柒仟万元整"], ["1000000000000", "壹万亿元整"], ["1000500000000", "壹万零伍亿元整"], ["1500000000000", "壹万伍仟亿元整"],
  ["1000000050000", "壹万亿零伍万元整"], ["1000000000000.01", "壹万亿元零壹分"],
  ["99999999999999.99", "玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"],
];

describe("capital amounts", () => {
  it.each(CAPITAL)("%s is written %s and read back", (figures, capital) => {
    const minor = minorOf(figures);
    expect(minor === null ? null : toCapital(minor)).toBe(capital);
    expect(fromCapital(capital)).toBe(minor);
  });

  it.each([["人民币壹仟贰佰元正", 120_000n], ["一千二百三十元五角", 123_050n], ["拾元整", 1000n], ["壹拾万零柒仟元伍角叁分", 10_700_053n]])(
    "reads %s leniently", (text, minor) => expect(fromCapital(text)).toBe(minor));

  it.each([[""], ["元"], ["壹贰元"], ["拾佰元"], ["1234"], ["壹仟二百元整角"]])("does not read %j", (text) => expect(fromCapital(text)).toBeNull());

  it("ends below a hundred million million yuan", () => expect(toCapital(10_000_000_000_000_000n)).toBeNull());
});

describe("figures", () => {
  it.each([["１２３４．５６", "1234.56", 7], ["１２。５", "12.5", 4], ["1,234", "1,234", 0], ["（１）", "(1)", 3]])(
    "%s is repaired to %s and counted", (typed, text, repaired) => expect(repairWidth(typed)).toEqual({ text, repaired }));

  it.each<[string, bigint | null]>([
    ["1234.56", 123_456n], ["1,234.5", 123_450n], ["¥12", 1200n], [".5", 50n], ["12.", 1200n], ["0", 0n],
    ["9007199254740993.01", 900_719_925_474_099_301n],
    ["1,23", null], ["1.234", null], ["-1", null], ["1e3", null], ["", null], ["1.2.3", null],
  ])("%s in minor units is %s", (text, minor) => expect(minorOf(text)).toBe(minor));

  it.each([[0n, "0.00"], [5n, "0.05"], [123_456n, "1,234.56"], [100_000_000n, "1,000,000.00"]])("%s is shown as %s", (minor, text) =>
    expect(thousands(minor)).toBe(text));

  it("groups an account by four", () => expect(groupedByFour("6222021234567890123")).toBe("6222 0212 3456 7890 123"));

  it.each([
    ["20261123", "2026-11-23"], ["2026/1/3", "2026-01-03"], ["2026年11月23日", "2026-11-23"], ["2018-12-25", "2018-12-25"],
    ["25/12/2018", "2018-12-25"], ["25/12/18", "2018-12-25"], ["3-1-95", "1995-01-03"],
    ["20260230", null], ["25122018", null], ["2026", null], ["25/13/18", null], ["12/5/2018/1", null],
  ])("%s is the date %s", (text, date) => expect(dateOf(text)).toBe(date));

  it("knows a citizen number's check character", () => {
    // The example printed in the standard.
    expect(citizenIdFits("11010519491231002X")).toBe(true);
    expect(citizenIdFits("110105194912310021")).toBe(false);
  });

  it("knows a bank code's check figure", () => {
    const codes = Array.from({ length: 10 }, (_, figure) => `10210000000${String(figure)}`);
    expect(codes.filter(bankCodeFits)).toHaveLength(1);
    expect(bankCodeFits("10210000")).toBe(false);
  });
});

describe("an entry", () => {
  const field = (kind: EntryField["kind"], more: Partial<EntryField> = {}): EntryField => ({ kind, required: true, max_length: 40, ...more });

  it.each<[string, EntryField, string, object]>([
    ["an amount is echoed with thousands and in capitals", field("amount"), "1234.5", { value: "1234.50", echo: ["1,234.50", "壹仟贰佰叁拾肆元伍角"], fault: null }],
    ["letters are no amount", field("amount"), "12a", { fault: "not_an_amount" }],
    ["an empty required field is not sent", field("name"), "  ", { fault: "empty" }],
    ["an empty optional field is", field("text", { required: false }), "", { value: "", fault: null }],
    ["too long is too long", field("text", { max_length: 3 }), "四个字呢", { fault: "too_long" }],
    ["a strange date is asked about", field("date"), "20261399", { value: "20261399", doubt: "no_such_date", fault: null }],
    ["a date goes out in its one form", field("date"), "20261123", { value: "2026-11-23", doubt: null }],
    ["a date with the month's name is left to the server", field("date"), "30 DEC 17", { value: "30 DEC 17", doubt: null }],
    ["spaces of an account are not sent", field("account"), "6222 0212", { value: "62220212", echo: ["6222 0212"] }],
    ["a capital amount is echoed in figures", field("capital_amount"), "壹拾元整", { value: "壹拾元整", echo: ["¥10.00"] }],
    ["a capital amount that cannot be read is asked about", field("capital_amount"), "壹拾贰拾", { doubt: "capital_amount" }],
    ["a count is figures", field("count"), "3份", { fault: "not_a_count" }],
    ["an identity number in small letters is raised", field("id_number"), "11010519491231002x", { value: "11010519491231002X", doubt: null }],
  ])("%s", (_, given, typed, expected) => expect(readEntry(given, typed)).toMatchObject(expected));
});

describe("differences", () => {
  it("show the characters of their own", () => {
    expect(differences("6222081", "62220B1")).toEqual({
      a: [{ text: "62220", own: false }, { text: "8", own: true }, { text: "1", own: false }],
      b: [{ text: "62220", own: false }, { text: "B", own: true }, { text: "1", own: false }],
    });
  });

  it("show what is missing", () => {
    expect(differences("1000.00", "100.00").b).toEqual([{ text: "100.00", own: false }]);
    expect(differences("1000.00", "100.00").a.filter((piece) => piece.own).map((piece) => piece.text)).toEqual(["0"]);
  });

  it("of equal texts are none", () => {
    expect(differences("甘肃", "甘肃").a).toEqual([{ text: "甘肃", own: false }]);
    expect(differences("", "")).toEqual({ a: [], b: [] });
  });
});
