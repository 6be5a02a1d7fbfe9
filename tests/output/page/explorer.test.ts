/** Unit tests of the explorer's TypeScript; `python -m tests.bundles` bundles and runs them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "../../../output/page/src/app";
import { Atlas, shown } from "../../../output/page/src/atlas";
import { bundles, layOutEgo } from "../../../output/page/src/ego";
import { bind, iri, literal, projected } from "../../../output/page/src/engine";
import { Filters } from "../../../output/page/src/filters";
import { shortestPaths } from "../../../output/page/src/paths";
import { around, plain } from "../../../output/page/src/quotes";
import { utf16 } from "../../../output/page/src/remote";
import { Search } from "../../../output/page/src/search";
import type { Claim, Entity, PageData } from "../../../output/page/src/types";
import { blank, fromHash, toHash } from "../../../output/page/src/view";

const word = (i: string) => ({ i, zh: i, en: i });
const entity = (i: string, t: string, n: string, more: Partial<Entity> = {}): Entity => ({ i, t, n, x: 0, y: 0, z: 2, ...more });
const claim = (i: string, s: number, p: string, o: number, more: Partial<Claim> = {}): Claim => ({
  i, s, p, o, d: 0, e: [{ d: 0, r: 0, s: 0, q: [0, 2] }], ...more,
});

function data(): PageData {
  return {
    version: 1, base: "https://example.org/id/",
    vocabulary: { types: [word("District"), word("Park"), word("Industry")], predicates: [word("partOf"), word("locatedIn"), word("develops")], statuses: [word("planned")], kinds: [] },
    documents: [{ i: "plan", title: "规划", kind: "five-year plan", district: "东区", code: "", adopted: "", period: "", issuer: "", sha256: "", text: "东区🏭园区发展旅游。" }],
    entities: [
      entity("d", "District", "东区", { py: "dq", pf: "dongqu" }), entity("p", "Park", "化工园", { a: ["园区"], py: "hgy", pf: "huagongyuan" }),
      entity("i", "Industry", "旅游业", { py: "lyy", pf: "lvyouye" }), entity("j", "Industry", "生态旅游", { py: "stly", pf: "shengtailvyou" }),
    ],
    claims: [
      claim("c0", 1, "locatedIn", 0), claim("c1", 1, "develops", 2, { t: "planned" }), claim("c2", 0, "develops", 3),
      claim("c3", 0, "develops", 2, { c: 0.6 }),
    ],
    observations: [], sections: [[]], rules: ["rule"], islands: [],
  };
}

test("a figure has its unit and its bound, an aim in words has neither", () => {
  assert.equal(figure(">=95", "%"), "≥95%");
  assert.equal(figure("35", "亿元"), "35 亿元");
  assert.equal(figure("保持在合理区间", "%"), "保持在合理区间");
});

test("search ranks the same, a beginning, the inside, pinyin", () => {
  const search = new Search(new Atlas(data()));
  const names = (query: string) => search.find(query).map((hit) => hit.n);
  assert.deepEqual(names("旅游业"), [2]);
  assert.deepEqual(names("旅游"), [2, 3]);
  assert.deepEqual(names("hgy"), [1]);
  assert.deepEqual(names("dongqu"), [0]);
  assert.deepEqual(search.find("园区"), [{ n: 1, via: "园区" }]);
  assert.deepEqual(names("没有"), []);
});

test("filters combine, and count what each value would leave", () => {
  const atlas = new Atlas(data());
  const filters = new Filters(atlas, [0]);
  const all = filters.apply(blank());
  assert.deepEqual([all.entityCount, all.claimCount], [4, 4]);
  assert.equal(all.counts.predicate.get("develops"), 3);
  const view = blank();
  view.facets.status = ["planned"];
  const some = filters.apply(view);
  assert.deepEqual([...some.claims], [0, 1, 0, 0]);
  assert.deepEqual([...some.entities], [0, 1, 1, 0]);
  assert.equal(some.counts.status.get("none"), 3);
});

test("what is told later is counted too, and districts hold what lies in them", () => {
  const atlas = new Atlas(data());
  const filters = new Filters(atlas, [0]);
  filters.apply(blank());
  const n = atlas.addEntity({ i: "q", t: "Park", n: "物流园", w: 7 });
  atlas.addClaim(claim("c4", n, "develops", 3));
  atlas.addClaim(claim("c5", n, "partOf", 1));
  assert.equal(atlas.addClaim(claim("c4", n, "develops", 3)), 4);
  assert.deepEqual([...atlas.within(0)].sort(), [0, 1, 4]);
  const view = blank();
  view.facets.district = ["d"];
  assert.deepEqual([...filters.apply(view).claims], [1, 1, 1, 1, 1, 1]);
  assert.equal(atlas.weight(n), 7);
  assert.equal(atlas.placed(n), false);
});

test("a sentence that turns the official order round leads nowhere", () => {
  const graph = data();
  graph.entities[0].c = "650109";
  graph.entities.push(entity("b", "District", "经济带"), entity("u", "District", "上级市", { c: "650100" }), entity("v", "District", "镇", { c: "650109100" }));
  graph.claims.push(claim("c4", 4, "partOf", 0), claim("c5", 5, "partOf", 4), claim("c6", 6, "partOf", 4));
  const atlas = new Atlas(graph);
  assert.deepEqual([...atlas.within(0)].sort(), [0, 1, 4, 6]);
  assert.deepEqual([...atlas.within(5)], [5]);
});

test("a neighbourhood is grouped by relation, and tells what it leaves out", () => {
  const atlas = new Atlas(data());
  const groups = bundles(atlas, 0, () => true);
  assert.deepEqual(groups.map((g) => [g.predicate, g.out, g.members]), [["locatedIn", false, [1]], ["develops", true, [2, 3]]]);
  const options = { focus: 0, open: [], full: new Set<string>(), pinned: new Set<number>(), reach: 200, allowed: () => true, passes: () => true };
  const ego = layOutEgo(atlas, { ...options, members: (_n, p) => (p === "develops" ? 90 : 0) });
  assert.deepEqual([...ego.spots.keys()].sort(), [0, 1, 2, 3]);
  assert.deepEqual(ego.more.map((m) => m.count), [88]);
  assert.deepEqual(ego.groups.map((g) => g.count).sort(), [1, 90]);
});

test("shortest paths avoid what they are told to", () => {
  const atlas = new Atlas(data());
  const found = shortestPaths(atlas, 1, 3, () => true, () => true);
  assert.deepEqual(found.map((path) => path.map((step) => step.to)), [[0, 3]]);
  assert.deepEqual(shortestPaths(atlas, 1, 3, () => true, (n) => n !== 0).map((path) => path.map((s) => s.to)), []);
});

test("an address holds the whole view, whatever names are in it", () => {
  const view = { ...blank(), mode: "focus" as const, focus: "a~b&c=d/甲", open: ["x~y", "z"], table: true, lang: "en" as const };
  view.facets.status = ["none", "planned"];
  assert.deepEqual(fromHash(toHash(view)), view);
  assert.deepEqual(fromHash("#view=nowhere&lang=xx&broken&focus=%E0%A4%A"), { ...blank(), focus: "%E0%A4%A" });
});

test("parameters are bound as terms, and can be nothing else", () => {
  const query = "SELECT ?d (COUNT(?p) AS ?n) { ?p ?q ?d . FILTER(?n > 1) } GROUP BY ?d";
  assert.equal(bind(query, { d: "<x>", n: '"1"' }), 'SELECT ?d (COUNT(?p) AS ?n) { ?p ?q <x> . FILTER("1" > 1) } GROUP BY ?d');
  assert.equal(literal('a"\\\n'), '"a\\"\\\\\\n"');
  assert.equal(iri("http://x/> <y"), "<http://x/%3E%20%3Cy>");
  assert.deepEqual(projected("SELECT DISTINCT ?a (COUNT(?b) AS ?n) # ?c\nWHERE { ?a ?b ?c }"), ["a", "n"]);
  assert.equal(projected("SELECT * { ?s ?p ?o }"), undefined);
});

test("offsets count as JavaScript does, and paragraphs keep surrogates whole", () => {
  const text = "东区🏭园区\n发展";
  const span = utf16(text, [2, 5]);
  assert.equal(text.slice(...span), "🏭园区");
  assert.equal(text.slice(...around(text, span)), "东区🏭园区");
  assert.equal(plain("## **建设**<b>园区</b>"), "建设园区");
});

test("names are drawn without marks that turn their direction, and cut to size", () => {
  assert.equal(shown("a\u202eb\n c"), "ab c");
  assert.equal([...shown("🏭".repeat(50), 10)].length, 10);
});
