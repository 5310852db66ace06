import { expect, it } from "vitest";
import { paths } from "./paths";

it("the addresses change only on purpose", () => {
  const written = Object.entries(paths).map(([name, path]) => `${name} ${(path as (argument?: never) => string)("x_1" as never)}`);
  expect(written.join("\n")).toMatchInlineSnapshot(`
    "home /
    signIn /identity/sign-in
    activation /identity/activation
    password /identity/password
    sessions /identity/sessions?person=x_1
    capture /processing/capture
    captureItem /processing/capture/x_1
    items /processing/items?0=x&1=_&2=1
    item /processing/items/x_1
    trace /processing/items/x_1/trace
    returned /processing/returned?state=x_1
    board /work/board
    work /work/items?0=x&1=_&2=1
    institutions /organization/institutions?under=x_1
    staff /organization/staff?institution=x_1
    person /organization/staff/x_1
    posts /organization/posts
    journal /journal/entries?subject=x_1
    jobs /jobs/dead
    keyingReport /reports/keying
    keying /stations/keying
    checking /stations/checking
    refusalReview /stations/refusal-review
    authorizing /stations/authorizing"
  `);
});

it("a filter that is not set leaves no trace in the address", () => {
  expect(paths.items()).toBe("/processing/items");
  expect(paths.items({ state: "draft", mine: "true" })).toBe("/processing/items?state=draft&mine=true");
  expect(paths.work({ queue: "keying", state: "waiting" })).toBe("/work/items?queue=keying&state=waiting");
});
