// Builds ../static/query.js and query.css from src/: `npm ci && npm run build` in this folder.
// The result is committed; its first line names the digest of the sources, which a test compares.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const sources = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"];
for (const name of readdirSync("src").sort()) sources.push(`src/${name}`);
const digest = createHash("sha256");
for (const name of sources) digest.update(name + "\0").update(readFileSync(name)).update("\0");

const out = process.argv[2] ?? "../static";
const banner = `/* built from sources ${digest.digest("hex")} */\n`;
const script = await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  charset: "ascii",
});
const licence = "/* with CodeMirror (MIT licence, https://codemirror.net), see editor/package.json */\n";
writeFileSync(`${out}/query.js`, banner + licence + script.outputFiles[0].text);
const style = await build({ entryPoints: ["src/style.css"], minify: true, write: false });
writeFileSync(`${out}/query.css`, banner + style.outputFiles[0].text);
