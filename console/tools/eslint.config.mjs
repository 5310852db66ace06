// Lints of the console. Rules that hold a principle of the house say which.
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const areas = readdirSync(join(source, "areas"), { withFileTypes: true }).filter((f) => f.isDirectory()).map((f) => f.name);

/** Areas do not know each other: what two of them need belongs to kit, api or shell. */
const areaWalls = areas.map((area) => ({
  files: [`src/areas/${area}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: areas.filter((a) => a !== area).flatMap((a) => [`@/areas/${a}/*`, `../${a}/*`, `../../${a}/*`]), message: "Areas do not import areas; move it to kit or api." },
          { group: ["@/stations/*"], message: "Areas do not import stations." },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist/**", "**/node_modules/**", "src/api/generated/**", "src/styles/generated/**"] },
  ...tseslint.configs.strict,
  { rules: { "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }] } },
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", { max: 400, skipComments: true, skipBlankLines: true }],
      "max-lines-per-function": ["error", { max: 120, skipComments: true, skipBlankLines: true }],
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      // Money and every other exact number is text until kernel-like code reads it: no float ever.
      "no-restricted-globals": ["error", { name: "parseFloat", message: "Money is exact: use kit/amount." }, { name: "localStorage", message: "Use kit/preferences: nothing personal is stored in the browser." }, { name: "sessionStorage", message: "Nothing personal is stored in the browser." }],
      "no-restricted-properties": ["error", { object: "Number", property: "parseFloat", message: "Money is exact: use kit/amount." }],
      "no-restricted-syntax": [
        "error",
        { selector: "CallExpression[callee.name='Number']", message: "Money is exact: use kit/amount, or Number.parseInt for counts." },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "The content security policy and safety forbid raw HTML." },
      ],
      "no-restricted-imports": ["error", { paths: [{ name: "echarts", message: "Import the parts from echarts/core in kit/chart." }] }],
    },
  },
  ...areaWalls,
  {
    // Shared parts do not know the pages that use them.
    files: ["src/{kit,api,keys,stream}/**/*.{ts,tsx}"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/areas/*", "@/stations/*", "@/shell/*", "@/routes"], message: "Shared parts do not import pages or the shell." }] }] },
  },
  { files: ["**/*.test.{ts,tsx}", "e2e/**"], rules: { "max-lines-per-function": "off", "@typescript-eslint/no-non-null-assertion": "off" } },
  // Tests in the browser look at what the pages may not touch.
  { files: ["e2e/**"], rules: { "no-console": "off", "no-restricted-globals": "off", "no-restricted-syntax": "off" } },
);
