// Writes the styles of the antd components in use to a file, so that nothing injects <style> at run time
// and the content security policy can stay at `style-src 'self'`.
// Light mode at 100 % is written whole; dark mode and the larger sizes only with what differs.
import { createElement as h, Fragment } from "react";
import { renderToString } from "react-dom/server";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCache, extractStyle, StyleProvider } from "@ant-design/cssinjs";
import { ConfigProvider } from "antd";
import { iconRules, samples } from "./antd-samples.mjs";
import { themeFor } from "../src/styles/theme.mjs";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "styles", "generated", "antd.css");

/** Every rule that the samples need under one theme. */
function extract(mode, density) {
  const cache = createCache();
  const theme = { ...themeFor(mode, density), zeroRuntime: false };
  renderToString(h(StyleProvider, { cache }, h(ConfigProvider, { theme }, h(Fragment, null, ...samples()))));
  return namedAlike(extractStyle(cache, { plain: true, types: ["token", "cssVar", "style"] }));
}

/** antd draws some samples (dialogs) under a theme key of their own; the running console uses ours for all. */
function namedAlike(css) {
  return css
    .replace(/\.css-var-_R_\w+_\.ant-css-var\{(?=--ant-([a-z]+)-)/g, ".shuniu.ant-$1-css-var{")
    // Chromium 108 has no color-mix; the first color alone is near enough for the one hairline that uses it.
    .replace(/color-mix\(in srgb, (var\([\w-]+\)) \d+%, var\([\w-]+\)\)/g, "$1")
    .replace(/\.css-var-_R_\w+_(\.[\w-]+)?\{[^{}]*\}/g, "");
}

/** Custom properties by selector, from rules such as `.shuniu{--ant-blue:#1677ff;}`. */
function variables(css) {
  const found = new Map();
  for (const [, selector, body] of css.matchAll(/([^{}]+)\{((?:--[\w-]+:[^;{}]*;)+)\}/g)) {
    const key = selector.trim();
    const known = found.get(key) ?? new Map();
    for (const declaration of body.split(";")) {
      const colon = declaration.indexOf(":");
      if (colon > 0) known.set(declaration.slice(0, colon), declaration.slice(colon + 1));
    }
    found.set(key, known);
  }
  return found;
}

/** The rules of `css` that differ from `base`, under an attribute of the root element. */
function difference(base, css, attribute) {
  const before = variables(base);
  const lines = [];
  for (const [selector, values] of variables(css)) {
    const changed = [...values].filter(([name, value]) => before.get(selector)?.get(name) !== value);
    if (changed.length > 0) lines.push(`html[${attribute}] ${selector}{${changed.map(([n, v]) => `${n}:${v};`).join("")}}`);
  }
  return lines.join("\n");
}

const base = extract("light", "100");
const parts = [
  base,
  iconRules,
  difference(base, extract("dark", "100"), 'data-mode="dark"'),
  difference(base, extract("light", "115"), 'data-density="115"'),
  difference(base, extract("light", "130"), 'data-density="130"'),
];
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, parts.join("\n"));
