import { expect, it } from "vitest";
import type { Action } from "@/api/types";
import { menuFor } from "./menu";

const words = (...actions: Action[]) => menuFor((action) => actions.includes(action)).flatMap((group) => group.entries.map((entry) => entry.text));

it("somebody without a post sees only their sessions", () => {
  expect(words()).toEqual(["menu.sessions"]);
});

it("a teller sees the outlet's pages and no station", () => {
  expect(words("item.capture", "item.submit", "item.view")).toEqual(["menu.capture", "menu.items", "menu.returned", "menu.sessions"]);
});

it("any of the three passes opens the keying station", () => {
  expect(words("slice.key_third")).toContain("menu.keying");
  expect(words("item.check")).not.toContain("menu.keying");
});
