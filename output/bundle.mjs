// Bundles the scripts of a page: `npm ci && npm run build` in the folder of its package.json, whose
// "bundle" names the folder that the result is written to, the script and style made from src/, what
// is said of libraries at the script's beginning, and files of packages that are packed beside it.
// The result is committed; the script's first line names the digest of its sources, which a test compares.
// `npm run build -- FOLDER` writes elsewhere, to compare: the same sources give the same bytes.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const { build } = createRequire(resolve("package.json"))("esbuild");
const { bundle } = JSON.parse(readFileSync("package.json", "utf8"));
const out = process.argv[2] ?? bundle.out;

const sources = ["package-lock.json", "package.json", "tsconfig.json"];
for (const name of readdirSync("src").sort()) sources.push(`src/${name}`);
const digest = createHash("sha256").update(readFileSync(new URL(import.meta.url)));
for (const name of sources) digest.update(name + "\0").update(readFileSync(name)).update("\0");

const script = await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  charset: "ascii",
  // The explorer's query engine: its bytes are handed over by the page, its default address is never asked.
  define: { "import.meta.url": '""' },
});
const banner = `/* built from sources ${digest.digest("hex")} */\n${bundle.licence ? `/* ${bundle.licence} */\n` : ""}`;
writeFileSync(join(out, bundle.script), banner + script.outputFiles[0].text);
const style = await build({ entryPoints: ["src/style.css"], minify: true, write: false });
writeFileSync(join(out, bundle.style), style.outputFiles[0].text);
for (const [name, file] of Object.entries(bundle.packed ?? {})) {
  writeFileSync(join(out, name), gzipSync(readFileSync(file), { level: 9 }));
}
