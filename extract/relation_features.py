"""Features of the two relation models: what the sentence says of a mention, and of a pair.

`object_features` serves the model that decides what the document's own district (@doc) has to do
with a mention; `pair_features` the one that relates two mentions of a sentence.
"""

import re

from extract.context import Context, Place

_YEAR = re.compile(r"20[0-3]\d年?")


def _edges(surface: str) -> list[str]:
    return [f"S2{surface[-2:]}", f"S3{surface[-3:]}", f"S4{surface[-4:]}", f"P2{surface[:2]}"]


def _verb_features(context: Context, position: int, tag: str) -> list[str]:
    """Return the features of the verbs before a position; each of its pairs asks for them again."""
    found: list[str] | None = context.memo.get((position, tag))
    if found is None:
        found = context.memo[position, tag] = _features_of_verbs(context, position, tag)
    return found


def _features_of_verbs(context: Context, position: int, tag: str) -> list[str]:
    verbs = context.verbs_before(position)
    features = []
    for rank, verb in enumerate(verbs[:3]):
        gap = context.text[verb.end : position]
        cut = "，" in gap
        features += [f"{tag}v{rank}{verb.word}", f"{tag}k{rank}{verb.kind}{int(cut)}"]
        if rank == 0:
            features += [f"{tag}v{verb.word}{int(cut)}", f"{tag}d{min(len(gap), 12) // 2}{int(cut)}"]
    if len(verbs) > 1:
        features.append(f"{tag}vv{verbs[1].word}_{verbs[0].word}")
    if not verbs:
        features.append(f"{tag}noverb")
    if any(verb.kind == "against" for verb in verbs[:2]):
        features.append(f"{tag}against")
    for verb in verbs:
        if verb.kind == "leaning":
            gap = context.text[verb.end : position]
            features.append(f"{tag}lean{verb.word}{int('，' in gap)}")
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
            features.append(f"riv{place.type}{before if before in '^，。；、' else '_'}")
            features.append(f"rivr{place.type}{after}")
    return features[-6:]


def object_features(context: Context, index: int) -> list[str]:
    """Return the features of place `index` as an object of the document's own district."""
    place = context.places[index]
    first, last = context.groups[index]
    head, tail = context.places[first], context.places[last]
    kind, text, frame = place.type, context.text, _frame(context)
    clause = text[max(0, head.start - 30) : head.start]
    features = [
        "b", kind, f"{kind}{frame}", f"w{place.surface}", f"role{context.role}{kind}",
        f"in{int(first != index)}{int(last != index)}{kind}", f"len{min(place.end - place.start, 12)}{kind}",
        f"q{text[place.start - 1 : place.start]}{text[place.end : place.end + 1]}{kind}",
        f"lead{int(bool(context.lead))}{kind}", f"year{int(bool(_YEAR.search(clause)))}{int(context.review)}",
    ]  # fmt: skip
    features += [f"{kind}{e}" for e in _edges(place.surface)]
    features += [f"{kind}{f}" for f in _verb_features(context, head.start, "")]
    features += [f"{kind}{f}{int(context.review)}" for f in _verb_features(context, head.start, "R")[:3]]
    features += [f"{kind}{f}" for f in _sides(text, head.start, tail.end, "g")]
    features += [f"{kind}{f}" for f in _sides(text, place.start, place.end, "m")]
    after = context.verbs_after(tail.end)
    features += [f"{kind}a{r}{v.word}" for r, v in enumerate(after[:2])] or [f"{kind}a-"]
    features += [f"{kind}{f}" for f in _rivals(context, head.start)]
    if place.start == 0 or text[place.start - 1] in "，。；：":
        features.append(f"{kind}initial")
    return features


def pair_features(context: Context, subject: Place, target: int, in_lead: bool) -> list[str]:
    """Return the features of `subject` and place `target`; `in_lead` if the subject stands above the sentence."""
    place = context.places[target]
    first, last = context.groups[target]
    head, tail = context.places[first], context.places[last]
    text, kinds = context.text, f"{subject.type}>{place.type}"
    features = ["b", kinds, f"{kinds}{_frame(context)}", f"{kinds}lead{int(in_lead)}"]
    features += [f"{kinds}o{e}" for e in _edges(place.surface)[:2]] + [
        f"{kinds}s{e}" for e in _edges(subject.surface)[:2]
    ]
    features += [f"{kinds}{f}" for f in _around(context, head.start, tail.end)]
    features += [f"{kinds}{f}" for f in _verb_features(context, head.start, "")]
    if in_lead:
        return [*features, *(f"{kinds}{f}" for f in _rivals(context, head.start))]
    forward = subject.end <= place.start
    between = text[subject.end : head.start] if forward else text[place.end : subject.start]
    order = f"{kinds}{int(forward)}"
    commas = min(between.count("，"), 3)
    inner = context.verbs_between(min(subject.end, place.end), max(subject.start, head.start))
    features += [
        order, f"{order}c{commas}", f"{order}l{min(len(between), 24) // 4}", f"{order}n{min(len(inner), 4)}",
        f"{order}same{int(first <= _index(context, subject) <= last)}",
        f"{order}sl{text[max(0, subject.start - 1) : subject.start] or '^'}",
        f"{order}sll{text[max(0, subject.start - 2) : subject.start] or '^'}",
    ]  # fmt: skip
    if len(between) <= 6:
        features.append(f"{order}t{between}")
    features += [f"{order}b{n}{between[:n]}" for n in (1, 2, 3)] + [f"{order}e{n}{between[-n:]}" for n in (1, 2, 3)]
    features += [f"{order}i{v.word}" for v in inner[:3]] + [f"{order}j{v.kind}" for v in inner[:3]]
    if inner:
        features.append(f"{order}first{inner[0].word}c{commas}")
    middle = [p for p in context.places if subject.end <= p.start < head.start] if forward else []
    features += [f"{order}m{p.type}" for p in middle[:3]] or [f"{order}m-"]
    return features


def _index(context: Context, place: Place) -> int:
    numbers: dict[int, int] | None = context.memo.get("numbers")
    if numbers is None:
        numbers = context.memo["numbers"] = {id(other): i for i, other in enumerate(context.places)}
    return numbers.get(id(place), -1)
