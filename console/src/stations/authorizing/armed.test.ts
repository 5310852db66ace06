import { expect, it } from "vitest";
import type { TaskPage } from "@/api/types";
import { isArmed, missing, NOTHING_LOOKED, see, tick, urgency } from "./armed";

const page = (page_id: string): TaskPage => ({ page_id, kind: "voucher_front", image_url: "", width: 1, height: 1 });
const task = { pages: [page("p1"), page("p2")], checklist: [{ id: "a", zh: "", en: "" }, { id: "b", zh: "", en: "" }] };

it("is not armed before every page was seen and every item ticked", () => {
  let looked = NOTHING_LOOKED;
  expect(missing(task, looked)).toEqual({ pages: ["p1", "p2"], items: ["a", "b"] });
  looked = see(see(looked, "p1"), "p2");
  expect(isArmed(missing(task, looked))).toBe(false);
  looked = tick(tick(looked, "a"), "b");
  expect(isArmed(missing(task, looked))).toBe(true);
});

it("is disarmed when a tick is taken away", () => {
  const looked = tick(tick(tick(see(see(NOTHING_LOOKED, "p1"), "p2"), "a"), "b"), "a");
  expect(missing(task, looked)).toEqual({ pages: [], items: ["a"] });
});

it("is not armed by a page of another item", () => {
  expect(missing(task, see(NOTHING_LOOKED, "p9")).pages).toEqual(["p1", "p2"]);
});

it.each([[0, "calm"], [29, "calm"], [30, "soon"], [45, "late"], [59, "late"], [60, "over"]] as const)("after %i seconds looks %s", (seconds, look) =>
  expect(urgency(seconds)).toBe(look));
