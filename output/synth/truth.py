"""What a made-up document says, as the extraction of a perfect extractor, and as records."""

from bisect import bisect_right
from collections.abc import Iterator

from extract.document import Document, Sentence
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from extract.layout import lay_out
from extract.records import Record, records
from output.synth.draft import Draft, Named

RULE = "truth"


def document(draft: Draft, id: str) -> Document:
    """Return the text as a document."""
    return lay_out(draft.text, id=id)


def extraction(draft: Draft, id: str) -> Extraction:
    """Return everything that the document says.

    Raises ValueError when a name stands in no sentence: then the layout was not understood.
    """
    made = document(draft, id)
    places = _Places(made)
    known: dict[Named, Mention] = {}
    for named in draft.names:
        known[named] = Mention(named.span, named.thing.type, named.surface, places.evidence(named))
    facts = []
    for said in draft.facts:
        subject, obj = (None if side is None else known[side] for side in (said.subject, said.object))
        stands = obj or subject
        if stands is None:
            raise ValueError(f"a fact {said.predicate} joins the district to itself")
        facts.append(Fact(said.predicate, subject, obj, stands.evidence, said.status))
    figures = tuple(
        Observation(
            None, known[f.indicator], f.value, f.unit, f.period, f.kind, known[f.indicator].evidence, f.attribute
        )
        for f in draft.figures
    )
    return Extraction(made, tuple(known.values()), tuple(facts), figures)


def truth_records(draft: Draft, id: str) -> Iterator[Record]:
    """Yield the records of the document; each mention has the key of its thing as `entity` besides."""
    keys = iter(draft.names)
    for record in records(extraction(draft, id)):
        yield record | {"entity": next(keys).thing.key} if record["record"] == "mention" else record


class _Places:
    """Finds the sentence that a name stands in."""

    def __init__(self, made: Document) -> None:
        self._document = made
        self._sentences = sorted((s for s in made.sentences if s.text.pieces), key=lambda s: s.text.span)
        self._starts = [sentence.text.span.start for sentence in self._sentences]

    def evidence(self, named: Named) -> Evidence:
        sentence = self._sentence(named)
        return Evidence(sentence.text.span, self._document.section_path(sentence.section), RULE)

    def _sentence(self, named: Named) -> Sentence:
        at = bisect_right(self._starts, named.span.start) - 1
        if at >= 0 and named.span in (sentence := self._sentences[at]).text.span:
            return sentence
        raise ValueError(f"{named.surface!r} at {named.span.start} stands in no sentence of {self._document.id}")
