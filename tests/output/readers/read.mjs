// node readers.mjs FORMAT < document > N-Quads: the document as a reader in JavaScript understands it.
import { readFileSync } from "node:fs";
import { Parser, Writer } from "n3";
import { RdfXmlParser } from "rdfxml-streaming-parser";

const [format] = process.argv.slice(2);
const text = readFileSync(0, "utf8");

function fromXml() {
  return new Promise((resolve, reject) => {
    const quads = [];
    const parser = new RdfXmlParser();
    parser.on("data", (quad) => quads.push(quad)).on("error", reject).on("end", () => resolve(quads));
    parser.end(text);
  });
}

function written(quads) {
  return new Promise((resolve, reject) => {
    const writer = new Writer({ format: "N-Quads" });
    writer.addQuads(quads);
    writer.end((error, result) => (error ? reject(error) : resolve(result)));
  });
}

const readers = {
  turtle: () => written(new Parser({ format: "text/turtle" }).parse(text)),
  trig: () => written(new Parser({ format: "application/trig" }).parse(text)),
  ntriples: () => written(new Parser({ format: "application/n-triples" }).parse(text)),
  nquads: () => written(new Parser({ format: "application/n-quads" }).parse(text)),
  rdfxml: async () => written(await fromXml()),
};
process.stdout.write(await readers[format]());
