// What a screen reader is told of a count is what is seen of it.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, it, vi } from "vitest";
import BoardPage from "./BoardPage";

vi.mock("@/api/session", () => ({ useSession: () => ({ can: () => true }) }));
vi.mock("@/api/processing", () => ({
  readItems: ({ state }: { state: string }) => Promise.resolve({ items: Array.from({ length: state === "suspended" ? 50 : 2 }, () => ({})), next: state === "suspended" ? "on" : null }),
}));
vi.mock("@/api/work", () => ({ readBoard: () => Promise.resolve({ as_of: new Date().toISOString(), queues: [], people: [] }) }));
vi.mock("@/kit/language", () => ({ useLanguage: () => ({ language: "zh", nameOf: () => "" }) }));
vi.mock("./HalfHours", () => ({ default: () => null }));
vi.mock("react-i18next", () => ({
  useTranslation: () => ({ t: (key: string, values?: { count?: unknown }) => (values?.count === undefined ? key : `${key} ${String(values.count)}`) }),
}));

afterEach(cleanup);

it("names a count to the ear as it stands to the eye", async () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <BoardPage />
      </MemoryRouter>
    </QueryClientProvider>,
  );
  const many = await screen.findByText(/^items\.counted\.more 50$/);
  expect(many.getAttribute("aria-label")).toBe(`board.stopped.drill ${many.textContent ?? ""}`);
  expect(screen.getAllByText(/^items\.counted 2$/)).toHaveLength(2);
});
