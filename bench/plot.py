"""A plot of times against sizes on logarithmic axes, as SVG that follows the reader's light or dark scheme."""

import math

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 20, 50
COLOURS = ("#b3261e", "#3d6ea5", "#5d8a4a")
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#333}line{stroke:#9994}@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


def svg(curves: dict[str, list[tuple[int, float]]]) -> str:
    """`curves` maps a name to its (posts, seconds)."""
    points = [point for curve in curves.values() for point in curve]
    low_x, high_x = _decades([x for x, _ in points])
    low_y, high_y = _decades([y for _, y in points])

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low_x) / (high_x - low_x)
        up = (math.log10(y) - low_y) / (high_y - low_y)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    parts.append(f"<title>Seconds of a cold build against the number of posts</title><style>{STYLE}</style>")
    for power in range(low_x, high_x + 1):
        x, _ = at(10**power, 10**low_y)
        parts.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low_y, high_y + 1):
        _, y = at(10**low_x, 10**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 5:.0f}" text-anchor="end">{10**power:g} s</text>')
    for colour, (name, curve) in zip(COLOURS, curves.items(), strict=False):
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in (at(*point) for point in curve))
        x, y = at(*curve[0])
        down = 22 if colour == COLOURS[1] else -12
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{x + 6:.0f}" y="{y + down:.0f}" style="fill:{colour}">{name}</text>')
    middle = (WIDTH + LEFT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">posts</text></svg>\n')
    return "\n".join(parts)


def _decades(values: list[float] | list[int]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
