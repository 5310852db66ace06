import { expect, it } from "vitest";
import { NOTHING, numberOf, typeDigit, type Choosing } from "./choice";

const typing = (digits: string, count: number): Choosing => Array.from(digits).reduce((now, digit) => typeDigit(now, Number.parseInt(digit, 10), count), NOTHING);

it.each([
  ["3", 5, 2], ["35", 5, 4], ["7", 5, null], ["0", 5, null], ["37", 5, 2],
  ["03", 12, 2], ["12", 12, 11], ["1", 12, null], ["99", 12, null], ["0312", 12, 11],
])("digits %s of %i entries choose index %s", (digits, count, index) => expect(typing(digits, count).chosen).toBe(index));

it("prints as many digits as have to be typed", () => {
  expect([numberOf(0, 9), numberOf(0, 10), numberOf(9, 10)]).toEqual(["1", "01", "10"]);
});
