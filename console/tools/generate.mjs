// Writes the API's types from the server's OpenAPI document: a file given as argument, else the running server.
//
//   npm run generate -- ../target/openapi.json
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapi, { astToString } from "openapi-typescript";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "api", "generated", "schema.d.ts");
const server = process.env["SHUNIU_SERVER"] ?? "http://127.0.0.1:8080";
const given = process.argv[2];
const source = given === undefined ? new URL("/api/openapi.json", server) : pathToFileURL(resolve(given));

const header = "// Written by `npm run generate` from the server's OpenAPI document; edits are lost.\n\n";
const text = header + astToString(await openapi(source, { alphabetize: true }));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, text);
