// Twenty slices in a row at the speed of a good keyer: nothing moves, and the next field is there at once.
import assert from "node:assert/strict";
import { step, tidyAtTheEnd, until } from "./browser";
import { Keyer } from "./keyer";
import { Person } from "./person";
import { fieldCodes, submits, vouchers } from "./vouchers";

tidyAtTheEnd();

const SLICES = 20;
/** What a bank's people would notice; far above what is wanted, because the machine that tests is shared. */
const NOTICED_MS = 1000;

interface Measured {
  shift: number;
  /** What moved, and from where to where, for whoever has to find it. */
  moved: string[];
  waits: number[];
}

/** In the page: the sum of all layout shifts, those right after a keystroke too, and the time from each confirmation to the next empty field. */
function measures(): void {
  const measured: Measured = { shift: 0, moved: [], waits: [] };
  interface Shift extends PerformanceEntry {
    value: number;
    sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
  }
  const place = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(" ");
  const named = (node: Node | null) => (node instanceof Element ? `${node.tagName}#${node.id}.${node.className}` : (node?.textContent ?? "?"));
  Object.assign(window, { measured });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      measured.shift += entry.value;
      for (const { node, previousRect, currentRect } of entry.sources) measured.moved.push(`${named(node)}: ${place(previousRect)} → ${place(currentRect)}`);
    }
  }).observe({ type: "layout-shift" });
  window.addEventListener("keydown", (event) => {
    if (event.code !== "NumpadEnter") return;
    const began = event.timeStamp;
    const look = () => {
      const field = document.activeElement;
      const next = field instanceof HTMLInputElement && field.id === "keying-value" && field.value === "" && document.querySelector('.st[data-phase="working"]') !== null;
      if (next) measured.waits.push(performance.now() - began);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true });
}

step("twenty slices in a row move nothing, and the next field has the focus at once", async () => {
  const teller = await Person.signedIn("100001", "/processing/capture");
  const [transfer, ...payrolls] = [vouchers("R01")[1], ...vouchers("P01").slice(0, 2)];
  assert.ok(transfer !== undefined && payrolls.length === 2, "the run's documents are enough for twenty slices");
  const items: string[] = [];
  for (const voucher of [transfer, ...payrolls]) items.push(await submits(teller, voucher));
  // Whose slice it is does not matter here: any value of its kind will do.
  const fields: Record<string, string> = Object.assign({}, transfer.fields, ...payrolls.map((payroll) => payroll.fields));
  const keyer = await Keyer.at("200001", new Map([...(await fieldCodes(teller, "R01")), ...(await fieldCodes(teller, "P01"))]));
  await keyer.goesReady();
  await keyer.works();
  await keyer.page.evaluate(measures);
  for (let slice = 0; slice < SLICES; slice += 1) {
    await keyer.works();
    await keyer.types(fields[await keyer.field()] ?? "");
    await keyer.page.keyboard.press("NumpadEnter");
    await keyer.page.waitForTimeout(60);
  }
  await until("the last confirmation is measured", async () => (await keyer.page.evaluate(() => (window as unknown as { measured: Measured }).measured.waits.length)) >= SLICES);
  const { shift, moved, waits } = await keyer.page.evaluate(() => (window as unknown as { measured: Measured }).measured);
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  process.stdout.write(`# confirm → next field focused: p50 ${String(at(0.5))} ms, p95 ${String(at(0.95))} ms, ${String(waits.length)} slices\n`);
  assert.deepEqual(moved, [], `the sum of layout shifts is ${String(shift)}`);
  assert.equal(shift, 0);
  assert.ok(at(0.95) < NOTICED_MS);
  await keyer.exits();
  await keyer.person.leaves();
  for (const item of items) await teller.commands(`/processing/items/${item}/withdraw`, { reason_code: await withdrawal(teller) });
  await teller.leaves();
});

async function withdrawal(teller: Person): Promise<string> {
  const reasons = await teller.reads<{ code: string; uses: string[] }[]>("/processing/reasons");
  return reasons.find(({ uses }) => uses.includes("withdraw"))?.code ?? "";
}
