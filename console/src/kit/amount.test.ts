import { describe, expect, it } from "vitest";
import { formatMinor, formatMoney, parseAmount } from "./amount";

describe("amounts", () => {
  it.each([
    ["0", "CNY", "0.00"],
    ["5", "CNY", "0.05"],
    ["-5", "CNY", "-0.05"],
    ["123456", "CNY", "1,234.56"],
    ["100000000000000001", "CNY", "1,000,000,000,000,000.01"],
    ["1234", "JPY", "1,234"],
    ["1234", "KWD", "1.234"],
  ])("%s minor units of %s read %s", (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text);
  });

  it("put the sign before the currency", () => {
    expect(formatMoney({ minor: "-123456", currency: "CNY" })).toBe("-¥1,234.56");
    expect(formatMoney({ minor: "100", currency: "CHF" })).toBe("CHF 1.00");
  });

  it.each([
    ["1234.5", "123450"],
    ["1,234.56", "123456"],
    ["１２３４．５６", "123456"],
    ["¥ 12", "1200"],
    ["0.1", "10"],
    ["90071992547409.93", "9007199254740993"],
    ["-3", "-300"],
  ])("typed as %s are %s minor units", (typed, minor) => {
    expect(parseAmount(typed, "CNY")).toEqual({ minor });
  });

  it.each([
    ["", "empty"],
    ["12a", "not_a_number"],
    ["1,23.00", "not_a_number"],
    ["1.234", "too_many_decimals"],
    ["1e5", "not_a_number"],
    ["92233720368547758.08", "too_long"],
  ])("typed as “%s” are refused as %s", (typed, fault) => {
    expect(parseAmount(typed, "CNY")).toEqual({ fault });
  });

  it("survive the way from text to minor units and back", () => {
    for (const minor of ["1", "99", "100", "12345678901234567"]) {
      expect(parseAmount(formatMinor(minor, "CNY"), "CNY")).toEqual({ minor });
    }
  });
});
