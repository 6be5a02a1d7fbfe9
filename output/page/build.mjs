// Builds explorer.js and explorer.css from src/: `npm ci && npm run build` in this folder.
// The result is committed; its first line names the digest of the sources, which a test compares.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const sources = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"];
for (const name of readdirSync("src").sort()) sources.push(`src/${name}`);
const digest = createHash("sha256");
for (const name of sources) digest.update(name + "\0").update(readFileSync(name)).update("\0");

const result = await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  charset: "ascii",
  // The engine's bytes are handed over by the page; its default address is never asked.
  define: { "import.meta.url": '""' },
});
const banner = `/* built from sources ${digest.digest("hex")} */\n`;
const out = process.argv[2] ?? ".";
writeFileSync(`${out}/explorer.js`, banner + result.outputFiles[0].text);
const style = await build({ entryPoints: ["src/style.css"], minify: true, write: false });
writeFileSync(`${out}/explorer.css`, style.outputFiles[0].text);
writeFileSync(`${out}/oxigraph.wasm.gz`, gzipSync(readFileSync("node_modules/oxigraph/web_bg.wasm"), { level: 9 }));
