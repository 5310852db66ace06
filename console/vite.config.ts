import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the server; the built console is served by the server itself. */
const server = process.env["SHUNIU_SERVER"] ?? "http://127.0.0.1:8080";

/** The content security policy that the server sends, so that a breach shows up in `vite preview` as well. */
const policy =
  "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; worker-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const proxy = { "/api": { target: server, ws: true } };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy },
  preview: { proxy, headers: { "Content-Security-Policy": policy } },
  build: {
    // What bank terminals run: Windows 7 ends at Chrome 109, domestic browsers stand at 108.
    target: "chrome108",
    cssTarget: "chrome108",
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    // Inlined data: URLs would need a wider policy for fonts and workers.
    assetsInlineLimit: 0,
  },
  worker: { format: "es" },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
