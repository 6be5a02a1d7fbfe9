"""A line plot of growth as a small SVG, for a page that loads nothing."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

_COLOURS = ("#2f4fc9", "#d9570e", "#0a8f7d", "#8a3ab0", "#c92a63", "#b07d00", "#64748b")
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 360, 64, 20, 170, 48


def growth_plot(counts: Sequence[int], lines: Mapping[str, Sequence[float]]) -> str:
    """Return an SVG of seconds per 100,000 characters (from 0) over characters; level lines grow as the text does.

    `counts` are the characters of each run, ascending; each line has a value for each run.
    """
    top = max(value for values in lines.values() for value in values) * 1.1 or 1.0
    inner, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(place: int) -> float:
        return _LEFT + inner * place / max(1, len(counts) - 1)

    def y(value: float) -> float:
        return _TOP + height * (1 - value / top)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for step in range(5):
        value = top * step / 4
        parts.append(f'<path d="M{_LEFT} {y(value):.1f}H{_WIDTH - _RIGHT}" stroke="#e2e5ea"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    for place, count in enumerate(counts):
        parts.append(f'<text x="{x(place):.1f}" y="{_HEIGHT - 26}" text-anchor="middle">{count:,}</text>')
    parts.append(f'<text x="{_LEFT + inner / 2:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">characters</text>')
    parts.append(f'<text x="{_LEFT}" y="13">processor seconds per 100,000 characters</text>')
    parts += _lines(lines, x, y)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _lines(lines: Mapping[str, Sequence[float]], x: Callable[[int], float], y: Callable[[float], float]) -> list[str]:
    parts = []
    last = sorted((y(values[-1]), name) for name, values in lines.items())
    places: dict[str, float] = {}
    for at, name in last:  # labels must not lie on each other
        places[name] = max(at, max(places.values(), default=-99.0) + 14)
    for colour, (name, values) in zip(_COLOURS, lines.items(), strict=False):
        points = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(i):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for i, v in enumerate(values)]
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 10}" y="{places[name] + 4:.1f}" fill="{colour}">{escape(name)}</text>'
        )
    return parts
