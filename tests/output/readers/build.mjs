// Builds readers.mjs from read.mjs and the packages: `npm ci && npm run build` in this folder.
// The result is committed with the licences of the packages in it, so that the tests need no network;
// its first line names the digest of the sources.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const digest = createHash("sha256");
for (const name of ["build.mjs", "package-lock.json", "package.json", "read.mjs"]) {
  digest.update(name + "\0").update(readFileSync(name)).update("\0");
}
const result = await build({
  entryPoints: ["read.mjs"],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  platform: "node",
  format: "esm",
  target: "node20",
  legalComments: "none",
  charset: "ascii",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
writeFileSync("readers.mjs", `// built from sources ${digest.digest("hex")}\n${result.outputFiles[0].text}`);

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = input.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/);
  if (found) packages.add(found[0]);
}
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : "";
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync("LICENSES.txt", licences.join(`\n${"-".repeat(72)}\n\n`));
