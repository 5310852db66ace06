import { describe, expect, it } from "vitest";
import { markOf } from "./StageTrack";

describe("the stages of an item", () => {
  it.each([
    ["authorizing", { stage: "confirming", state: "posted", authorization_needed: false }, "skipped"],
    ["authorizing", { stage: "confirming", state: "confirmed", authorization_needed: false }, "skipped"],
    ["authorizing", { stage: "confirming", state: "confirmed", authorization_needed: true }, "done"],
    ["authorizing", { stage: "checking", state: "checking", authorization_needed: null }, "ahead"],
    ["authorizing", { stage: "authorizing", state: "authorizing", authorization_needed: true }, "now"],
    ["checking", { stage: "confirming", state: "posted", authorization_needed: false }, "done"],
    ["posting", { stage: "posting", state: "post_failed", authorization_needed: false }, "stuck"],
    ["confirming", { stage: "posting", state: "posting", authorization_needed: false }, "ahead"],
  ] as const)("%s of %o is %s", (stage, item, mark) => expect(markOf(stage, item)).toBe(mark));
});
