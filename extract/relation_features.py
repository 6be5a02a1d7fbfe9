"""Features of the two relation models: what the sentence says of a mention, and of a pair.

`object_features` serves the model that decides what the document's own district (@doc) has to do
with a mention; `pair_features` the one that relates two mentions of a sentence. Training takes them as
strings. Prediction (`extract.relation_scores`) takes them in groups, so that what several pairs of
a sentence have in common is looked up once.
"""

import re
from collections.abc import Hashable, Sequence

from extract.context import Context, Place
from ontology.schema import EntityType

Group = tuple[str, Hashable, Sequence[str]]
"""Features by their common beginning: that, what tells the group from others of the sentence with this beginning
(None: nothing, it is of one place or pair only), and what follows."""

LEAD = "lead"
_SELF = re.compile(r"[我本全该](?:省|市|州|盟|县|区|旗|乡|镇|村|街道|园|公司|校|院)")
_ACTING = frozenset({EntityType.DISTRICT, EntityType.PARK, EntityType.ENTERPRISE, EntityType.INSTITUTION})
_YEAR = re.compile(r"20[0-3]\d年?")


def _edges(surface: str) -> list[str]:
    return [f"S2{surface[-2:]}", f"S3{surface[-3:]}", f"S4{surface[-4:]}", f"P2{surface[:2]}"]


def _verb_features(context: Context, position: int) -> list[str]:
    """Return the features of the verbs before a position; each of its pairs asks for them again."""
    found: list[str] | None = context.memo.get(("v", position))
    if found is None:
        found = context.memo["v", position] = _features_of_verbs(context, position)
    return found


def _features_of_verbs(context: Context, position: int) -> list[str]:
    verbs = context.verbs_before(position)
    features = []
    for rank, verb in enumerate(verbs[:3]):
        gap = context.text[verb.end : position]
        cut = "，" in gap
        features += [f"v{rank}{verb.word}", f"k{rank}{verb.kind}{int(cut)}"]
        if rank == 0:
            features += [f"v{verb.word}{int(cut)}", f"d{min(len(gap), 12) // 2}{int(cut)}"]
    if len(verbs) > 1:
        features.append(f"vv{verbs[1].word}_{verbs[0].word}")
    if not verbs:
        features.append("noverb")
    if any(verb.kind == "against" for verb in verbs[:2]):
        features.append("against")
    for verb in verbs:
        if verb.kind == "leaning":
            gap = context.text[verb.end : position]
            features.append(f"lean{verb.word}{int('，' in gap)}")
            break
    return features


def _sides(text: str, start: int, end: int, tag: str) -> list[str]:
    left, right = text[max(0, start - 4) : start], text[end : end + 4]
    return [
        f"{tag}l1{left[-1:]}", f"{tag}l2{left[-2:]}", f"{tag}l3{left[-3:]}", f"{tag}l4{left[-4:]}",
        f"{tag}r1{right[:1]}", f"{tag}r2{right[:2]}", f"{tag}r3{right[:3]}", f"{tag}r4{right[:4]}",
    ]  # fmt: skip


def _around(context: Context, start: int, end: int) -> list[str]:
    found: list[str] | None = context.memo.get((start, end))
    if found is None:
        found = context.memo[start, end] = _sides(context.text, start, end, "g")
    return found


def _frame(context: Context) -> str:
    found: str | None = context.memo.get("frame")
    if found is None:
        found = context.memo["frame"] = _made_frame(context)
    return found


def _made_frame(context: Context) -> str:
    return f"{context.kind.name[0]}{int(context.review)}{context.role[:2]}"


def _rivals(context: Context, position: int) -> list[str]:
    """Say which possible subjects stand before `position` in the sentence, and how."""
    features = []
    for place in context.places:
        if place.start >= position:
            break
        if place.type in ("District", "Park", "Enterprise", "Institution", "Facility"):
            before = context.text[max(0, place.start - 1) : place.start] or "^"
            after = context.text[place.end : place.end + 2]
            features.append(f"riv{place.type.value}{before if before in '^，。；、' else '_'}")
            features.append(f"rivr{place.type.value}{after}")
    return features[-6:]


def object_features(context: Context, index: int) -> list[str]:
    """Return the features of place `index` as an object of the document's own district."""
    return _joined(object_groups(context, index))


def pair_features(context: Context, subject: Place, target: int, above: str) -> list[str]:
    """Return the features of `subject` and place `target`.

    `above` is empty where the subject stands in the sentence, `LEAD` where it stands above it, or
    what `topic_kind` says of it.
    """
    return _joined(pair_groups(context, subject, target, above))


def topic_kind(origin: str, gap: int) -> str:
    """Return how `pair_features` calls a topic."""
    return f"{origin}{gap}"


def _joined(groups: Sequence[Group]) -> list[str]:
    return [prefix + rest for prefix, _, rests in groups for rest in rests]


def object_groups(context: Context, index: int) -> list[Group]:
    """Return `object_features` in groups."""
    place = context.places[index]
    first, last = context.groups[index]
    head, tail = context.places[first], context.places[last]
    kind, text, start, end = place.type.value, context.text, place.start, place.end
    clause = text[max(0, head.start - 30) : head.start]
    own = [
        "b", kind, f"{kind}{_frame(context)}", f"w{place.surface}", f"role{context.role}{kind}",
        f"in{int(first != index)}{int(last != index)}{kind}", f"len{min(end - start, 12)}{kind}",
        f"q{text[start - 1 : start]}{text[end : end + 1]}{kind}",
        f"lead{int(bool(context.lead))}{kind}", f"year{int(bool(_YEAR.search(clause)))}{int(context.review)}",
    ]  # fmt: skip
    around = _around(context, head.start, tail.end)
    initial = ["initial"] if start == 0 or text[start - 1] in "，。；：" else []
    return [
        ("", None, own),
        (kind, None, _edges(place.surface)),
        (kind, ("v", head.start), _object_verbs(context, head.start)),
        (kind, ("g", head.start, tail.end), around),
        (kind, None, ["m" + side[1:] for side in around] if first == last else _sides(text, start, end, "m")),
        (kind, ("a", tail.end), _verbs_behind(context, tail.end)),
        (kind, ("r", head.start), _rivals(context, head.start)),
        (kind, None, initial),
    ]


def _object_verbs(context: Context, position: int) -> list[str]:
    found: list[str] | None = context.memo.get(("both", position))
    if found is None:
        ahead, review = _verb_features(context, position), int(context.review)
        found = context.memo["both", position] = ahead + [f"R{f}{review}" for f in ahead[:3]]
    return found


def _verbs_behind(context: Context, position: int) -> list[str]:
    found: list[str] | None = context.memo.get(("behind", position))
    if found is None:
        after = context.verbs_after(position)
        found = context.memo["behind", position] = [f"a{r}{v.word}" for r, v in enumerate(after[:2])] or ["a-"]
    return found


def pair_groups(context: Context, subject: Place, target: int, above: str) -> list[Group]:
    """Return `pair_features` in groups."""
    place = context.places[target]
    first, last = context.groups[target]
    head, tail = context.places[first], context.places[last]
    kinds = f"{subject.type.value}>{place.type.value}"
    groups: list[Group] = [
        ("", "b", ("b",)),
        (kinds, ("o", target, above), _object_side(context, place, above)),
        (kinds, ("s", subject.surface), _subject_side(context, subject)),
        (kinds, ("g", head.start, tail.end), _around(context, head.start, tail.end)),
        (kinds, ("v", head.start), _verb_features(context, head.start)),
    ]
    if above:
        groups.append((kinds, ("r", head.start), _rivals(context, head.start)))
        if above != LEAD:
            groups.append((kinds, ("t", subject.surface, head.start, above), _of_topic(context, subject, head, above)))
        return groups
    forward = subject.end <= place.start
    inside = first <= _index(context, subject) <= last
    groups.append((f"{kinds}{int(forward)}", None, _between(context, subject, place, head, inside)))
    return groups


def _object_side(context: Context, place: Place, above: str) -> list[str]:
    key = "o", place.surface, above
    found: list[str] | None = context.memo.get(key)
    if found is None:
        edges = [f"o{e}" for e in _edges(place.surface)[:2]]
        found = context.memo[key] = ["", _frame(context), f"lead{int(above == LEAD)}", *edges]
    return found


def _of_topic(context: Context, subject: Place, head: Place, above: str) -> list[str]:
    """Return the features of a topic: how near, whether the sentence speaks of it again (我镇), and who else acts."""
    origin = above[:-1]
    again = {found[0][-1] for found in _SELF.finditer(context.text)}
    said = "same" if subject.surface[-1] in again else "other" if again else "none"
    actors = [p.type.value for p in context.places if p.end <= head.start and p.type in _ACTING]
    governed = int(bool(context.verbs_before(head.start)))
    return [
        "T", f"T{above}", f"T{origin}", f"Tself{said}", f"T{origin}self{said}", f"T{said}{_frame(context)}",
        f"Tfirst{''.join(actors[:1])}", f"Tactors{min(len(actors), 3)}{said}", f"T{origin}verb{governed}",
        f"T{said}verb{governed}actor{int(bool(actors))}",
    ]  # fmt: skip


def _subject_side(context: Context, subject: Place) -> list[str]:
    found: list[str] | None = context.memo.get(("s", subject.surface))
    if found is None:
        found = context.memo["s", subject.surface] = [f"s{e}" for e in _edges(subject.surface)[:2]]
    return found


def _between(context: Context, subject: Place, place: Place, head: Place, inside: bool) -> list[str]:
    """Return the features of what stands between a subject and a place of the sentence (the head of its list)."""
    text, forward = context.text, subject.end <= place.start
    between = text[subject.end : head.start] if forward else text[place.end : subject.start]
    commas = min(between.count("，"), 3)
    inner = context.verbs_between(min(subject.end, place.end), max(subject.start, head.start))
    features = [
        "", f"c{commas}", f"l{min(len(between), 24) // 4}", f"n{min(len(inner), 4)}",
        f"same{int(inside)}",
        f"sl{text[max(0, subject.start - 1) : subject.start] or '^'}",
        f"sll{text[max(0, subject.start - 2) : subject.start] or '^'}",
    ]  # fmt: skip
    if len(between) <= 6:
        features.append(f"t{between}")
    features += [
        f"b1{between[:1]}", f"b2{between[:2]}", f"b3{between[:3]}",
        f"e1{between[-1:]}", f"e2{between[-2:]}", f"e3{between[-3:]}",
    ]  # fmt: skip
    features += [f"i{v.word}" for v in inner[:3]] + [f"j{v.kind}" for v in inner[:3]]
    if inner:
        features.append(f"first{inner[0].word}c{commas}")
    middle = [p for p in context.places if subject.end <= p.start < head.start] if forward else []
    features += [f"m{p.type.value}" for p in middle[:3]] or ["m-"]
    return features


def _index(context: Context, place: Place) -> int:
    numbers: dict[int, int] | None = context.memo.get("numbers")
    if numbers is None:
        numbers = context.memo["numbers"] = {id(other): i for i, other in enumerate(context.places)}
    return numbers.get(id(place), -1)
