/** The triples of what is on the picture, as a query. */

import type { App } from "./app";
import { iri } from "./engine";

/**
 * A CONSTRUCT query for entities with their names and codes, the relations among them as direct
 * triples and as claims, the figures whose subject and indicator are both there, and for these the
 * evidence, with its places, words, sections and documents.
 */
export function selectionQuery(app: App, drawn: { entities: number[]; claims: number[] }): string {
  const { data, observationsOf } = app.atlas;
  const inside = new Set(drawn.entities);
  const figures = new Set<number>();
  for (const n of drawn.entities)
    for (const o of observationsOf[n]) if (inside.has(data.observations[o].s) && inside.has(data.observations[o].n)) figures.add(o);
  const local = (folder: string, id: string): string => iri(data.base + folder + encodeURIComponent(id).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`));
  const entities = drawn.entities.map((n) => local("", data.entities[n].i)).join(" ");
  const claims = drawn.claims.map((c) => local("claim/", data.claims[c].i)).join(" ");
  const observations = [...figures].map((o) => local("observation/", data.observations[o].i)).join(" ");
  const relations = data.vocabulary.predicates.map((p) => `plan:${p.i}`).join(", ");
  const statements = `VALUES ?c { ${claims} ${observations} }`;
  return `CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES ?s { ${entities} } ?s ?p ?o FILTER(?p NOT IN (${relations})) }
  UNION { VALUES ?c { ${claims} } ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
  UNION { VALUES ?s { ${claims} ${observations} } ?s ?p ?o }
  UNION { ${statements} ?c plan:evidence ?s . ?s ?p ?o }
  UNION { ${statements} ?c plan:evidence ?e . ?e oa:hasSelector ?s . ?s ?p ?o }
  UNION { SELECT DISTINCT ?s ?p ?o { ${statements} ?c plan:evidence ?e . ?e plan:inSection/dcterms:isPartOf* ?s . ?s a plan:Section ; ?p ?o } }
  UNION { SELECT DISTINCT ?s ?p ?o { ${statements} ?c prov:wasDerivedFrom ?s . ?s ?p ?o } }
}`;
}
