// Who may resume items is told on the first page that some stand still, with the way to them.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Action, ItemState } from "@/api/types";
import HomePage from "./HomePage";

const person = vi.hoisted(() => ({ may: [] as string[], rows: {} as Record<string, number> }));

vi.mock("@/api/session", () => ({
  useSession: () => ({ can: (action: Action) => person.may.includes(action) }),
  useMe: () => ({ name: "周敏", institution: { name_zh: "中心", name_en: "Center" }, posts: [] }),
}));
vi.mock("@/api/processing", () => ({
  readItems: ({ state }: { state: ItemState }) => Promise.resolve({ items: Array.from({ length: person.rows[state] ?? 0 }, () => ({})), next: null }),
}));
vi.mock("react-i18next", () => ({
  useTranslation: () => ({ t: (key: string, values?: { count?: number }) => (values?.count === undefined ? key : `${key} ${String(values.count)}`) }),
}));
vi.mock("@/kit/language", () => ({ useLanguage: () => ({ nameOf: () => "" }) }));

const show = (may: Action[], rows: Partial<Record<ItemState, number>>) => {
  Object.assign(person, { may, rows });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <HomePage />
      </MemoryRouter>
    </QueryClientProvider>,
  );
};

afterEach(cleanup);

describe("the first page", () => {
  it("leads a supervisor to what is suspended, to what could not be posted and to what the outlet found wrong", async () => {
    show(["item.resume"], { suspended: 2, post_failed: 1, confirm_failed: 3, returned: 5 });
    const suspended = await screen.findByRole("link", { name: /home.suspended/ });
    expect(suspended.textContent).toContain("items.counted 2");
    expect(suspended.getAttribute("href")).toBe("/processing/items?state=suspended");
    const failed = screen.getByRole("link", { name: /home.postFailed/ });
    expect(failed.textContent).toContain("items.counted 1");
    expect(failed.getAttribute("href")).toBe("/processing/items?state=post_failed");
    const wrong = screen.getByRole("link", { name: /home.confirmFailed/ });
    expect(wrong.textContent).toContain("items.counted 3");
    expect(wrong.getAttribute("href")).toBe("/processing/items?state=confirm_failed");
    expect(screen.queryByText("home.returned")).toBeNull();
  });

  it("says so when nothing stands still", async () => {
    show(["item.resume"], {});
    expect(await screen.findByText("home.todo.none.supervisor")).toBeDefined();
  });

  it("does not tell an outlet what only a supervisor moves", async () => {
    show(["item.capture"], { suspended: 2, returned: 1 });
    expect(await screen.findByText("home.returned")).toBeDefined();
    expect(screen.queryByText("home.suspended")).toBeNull();
  });
});
