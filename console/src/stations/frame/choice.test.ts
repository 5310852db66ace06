import { expect, it } from "vitest";
import { NOTHING, numbersOf, typeDigit, type Choosing } from "./choice";

const FEW = numbersOf(["R01", "R02", "R05", "R07", "R09"]);
const MANY = numbersOf(["R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R23", "R99"]);
const MIXED = numbersOf(["R01", "H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09"]);

const typing = (digits: string, numbers: readonly string[]): Choosing =>
  Array.from(digits).reduce((now, digit) => typeDigit(now, Number.parseInt(digit, 10), numbers), NOTHING);

it.each([
  ["3", FEW, 2], ["35", FEW, 4], ["7", FEW, null], ["0", FEW, null], ["37", FEW, 2],
  ["05", MANY, 4], ["23", MANY, 9], ["99", MANY, 10], ["0", MANY, null], ["505", MANY, 4], ["0599", MANY, 10], ["10", MANY, null],
  ["10", MIXED, 9],
])("digits %s of %j choose index %s", (digits, numbers, index) => expect(typing(digits, numbers).chosen).toBe(index));

it("prints the codes' own digits where they tell all apart, else the places", () => {
  expect(FEW).toEqual(["1", "2", "3", "4", "5"]);
  expect(MANY.slice(-2)).toEqual(["23", "99"]);
  expect(MIXED[9]).toBe("10");
});
