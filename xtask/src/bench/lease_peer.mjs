// graphile-worker with jobs that do nothing: how many it takes and completes in a second.
// node lease_peer.mjs URL WAITING WORKERS SECONDS; one line of JSON on stdout.
import { Logger, makeWorkerUtils, run } from "graphile-worker";

const [url, ...numbers] = process.argv.slice(2);
const [waiting, workers, seconds] = numbers.map(Number);
const logger = new Logger(() => (level, message) => {
  if (level === "error") console.error(message);
});
const TOGETHER = 5000;
const WARM_UP_MS = 1000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const utils = await makeWorkerUtils({ connectionString: url, logger });
await utils.withPgClient((client) => client.query("DROP SCHEMA IF EXISTS graphile_worker CASCADE"));
await utils.migrate();
for (let from = 0; from < waiting; from += TOGETHER) {
  const specs = Array.from({ length: Math.min(TOGETHER, waiting - from) }, (_, n) => ({
    identifier: "lease",
    payload: { slice_id: `slc_${from + n}`, pass: 1 },
    // The shuffled classes that our own queue is filled with.
    priority: 1 + (((from + n) * 7919) % 4),
  }));
  await utils.addJobs(specs);
}
await utils.withPgClient((client) => client.query("ANALYZE"));

let done = 0;
const runner = await run({
  connectionString: url,
  concurrency: workers,
  maxPoolSize: workers + 4,
  noHandleSignals: true,
  logger,
  taskList: {
    lease: async () => {
      done += 1;
    },
  },
});
await pause(WARM_UP_MS);
const before = done;
const begun = performance.now();
let elapsed = 0;
// An emptied queue ends the measurement: what comes after is idleness.
while (elapsed < seconds * 1000 && done < waiting) {
  await pause(20);
  elapsed = performance.now() - begun;
}
console.log(JSON.stringify({ rate_per_s: Math.round(((done - before) * 1000) / elapsed), jobs: done - before }));
await runner.stop();
await utils.release();
