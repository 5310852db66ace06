import { describe, expect, it } from "vitest";
import type { CheckField, CheckResult } from "@/api/types";
import { accept, begin, confirm, mark, nextUnsettled, passed, sorted, type, unsettled } from "./settle";

const field = (code: string, state: CheckField["state"], more: Partial<CheckField> = {}): CheckField =>
  ({ code, name_zh: code, name_en: code, kind: "text", state, candidates: [], required: true, ...more });
const failed = (...fields: string[]): CheckResult => ({ rule: "r", outcome: "failed", fields, text_zh: "不符", text_en: "differs" });

const payee = field("payee", "agreed", { value: "甘肃某公司" });
const purpose = field("purpose", "settled_by_third", { value: "货款" });
const amount = field("amount", "unsettled", { candidates: [{ by: "first", value: "100.00" }, { by: "second", value: "1000.00" }] });
const count = field("count", "single", { value: "3" });
const date = field("date", "failed_rule", { value: "2026-11-23" });
const task = { fields: [payee, purpose, count, date, amount], checks: [failed("date")] };

describe("what to look at", () => {
  it("comes with the differences first, then failed rules, then what a third keyer decided, then what was keyed once", () => {
    expect(sorted(task).open.map((each) => each.code)).toEqual(["amount", "date", "purpose", "count"]);
    expect(sorted(task).agreed.map((each) => each.code)).toEqual(["payee"]);
  });

  it("includes a field keyed alike that a failed rule names", () => {
    expect(sorted({ ...task, checks: [failed("payee")] }).open.map((each) => each.code)).toEqual(["amount", "payee", "date", "purpose", "count"]);
  });
});

describe("settling", () => {
  const start = begin(task);

  it("begins with what was keyed alike settled and what differs empty", () => {
    expect(start["payee"]).toEqual({ value: "甘肃某公司", confirmed: true, cause: null });
    expect(start["amount"]).toEqual({ value: "", confirmed: false, cause: null });
    expect(start["count"]).toEqual({ value: "3", confirmed: false, cause: null });
    expect(start["purpose"]).toEqual({ value: "货款", confirmed: false, cause: null });
  });

  it("proposes no reading where two differ, even when a failed rule is what the field is marked with", () => {
    const both = field("amount", "failed_rule", { value: null, candidates: [{ by: "first", value: "100.00" }, { by: "second", value: "1000.00" }] });
    const alike = field("account", "failed_rule", { value: null, candidates: [{ by: "first", value: "62" }, { by: "second", value: "62" }] });
    const settlement = begin({ fields: [both, alike], checks: [failed("amount", "account")] });
    expect([settlement["amount"]?.value, settlement["account"]?.value]).toEqual(["", "62"]);
    expect([settlement["amount"]?.confirmed, settlement["account"]?.confirmed]).toEqual([false, false]);
  });

  it.each<[string, (s: typeof start) => typeof start, string, object]>([
    ["F2 takes A", (s) => accept(s, amount, 0), "amount", { value: "100.00", confirmed: true }],
    ["F4 takes B", (s) => accept(s, amount, 1), "amount", { value: "1000.00", confirmed: true }],
    ["a candidate that is not there changes nothing", (s) => accept(s, amount, 2), "amount", { value: "", confirmed: false }],
    ["a third value is typed", (s) => type(s, "amount", "10.00"), "amount", { value: "10.00", confirmed: true }],
    ["emptying opens the field again", (s) => type(type(s, "amount", "1"), "amount", " "), "amount", { confirmed: false }],
    ["Enter on an empty required field leaves it open", (s) => confirm(s, amount), "amount", { confirmed: false }],
    ["Enter on an empty optional field settles it", (s) => confirm(s, { ...amount, required: false }), "amount", { confirmed: true }],
    ["Enter takes what one person keyed", (s) => confirm(s, count), "count", { value: "3", confirmed: true }],
    ["a cause is marked", (s) => mark(s, "amount", "handwriting"), "amount", { cause: "handwriting" }],
    ["the same cause again takes the mark away", (s) => mark(mark(s, "amount", "image"), "amount", "image"), "amount", { cause: null }],
  ])("%s", (_, act, code, expected) => expect(act(start)[code]).toMatchObject(expected));

  it("goes from one open field to the next and around, past the settled ones", () => {
    const { open } = sorted(task);
    expect(nextUnsettled(open, start, "amount", 1)).toBe("date");
    expect(nextUnsettled(open, start, "count", 1)).toBe("amount");
    expect(nextUnsettled(open, start, "amount", -1)).toBe("count");
    expect(nextUnsettled(open, confirm(confirm(start, date), purpose), "amount", 1)).toBe("count");
  });

  it("stays when nothing is open", () => {
    const all = [date, purpose, count].reduce(confirm, accept(start, amount, 0));
    expect(unsettled(task.fields, all)).toEqual([]);
    expect(nextUnsettled(sorted(task).open, all, "date", 1)).toBe("date");
  });

  it("sends values and causes, and leaves empty optional fields out", () => {
    const optional = field("note", "single", { required: false });
    const settlement = mark(accept(begin({ fields: [payee, amount, optional], checks: [] }), amount, 1), "amount", "handwriting");
    expect(passed([payee, amount, optional], settlement)).toEqual([
      { code: "payee", value: "甘肃某公司" },
      { code: "amount", value: "1000.00", cause: "handwriting" },
    ]);
  });
});

describe("a draft", () => {
  it("is taken up where it was left", () => {
    const draft = { settled: { amount: { value: "1000.00", confirmed: true, cause: "image" } } };
    expect(begin({ ...task, draft })["amount"]).toEqual({ value: "1000.00", confirmed: true, cause: "image" });
  });

  it.each([[null], ["text"], [{}], [{ settled: null }], [{ settled: { amount: 7, unknown: { value: "x" } } }], [{ settled: { amount: { value: 7 } } }]])(
    "of another shape is left out: %j", (draft) => expect(begin({ ...task, draft })).toEqual(begin(task)));
});
