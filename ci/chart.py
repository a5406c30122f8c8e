# SPDX-License-Identifier: Apache-2.0
"""Charts as SVG, with nothing but the standard library. Imported by ci/bench-history and ci/scale-charts, not run.

A chart is a grid of panels. Numbers are printed with few digits and no dates or paths, so that the same data give the same
file. Colours are those of Okabe and Ito, which people who see few colours tell apart; each series has its own dash as well."""
import math
from xml.sax.saxutils import escape

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
DASHES = ["", "6 3", "2 2", "8 3 2 3", "", "6 3", "2 2"]
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 34, 40


class Series:
    """points: (x, y) or (x, y, low, high), of which low and high are drawn as a bar."""

    def __init__(self, name, points, line=True, colour=None):
        self.name, self.points, self.line, self.colour = name, points, line, colour


class Panel:
    """|level| is a dashed line at that height, with its |level_name|; |labels| replaces the numbers at the x axis."""

    def __init__(self, title, series, x="", y="", x_log=False, y_log=False, y_zero=False, level=None, level_name="", labels=None):
        self.title, self.series, self.x, self.y = title, series, x, y
        self.x_log, self.y_log, self.y_zero = x_log, y_log, y_zero
        self.level, self.level_name, self.labels = level, level_name, labels


def short(number):
    """As people write it: 1.5k, 20M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(number) >= size * 0.9995:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


class Axis:
    def __init__(self, numbers, log, begin, end, zero=False):
        low, high = min(numbers), max(numbers)
        self.log, self.begin, self.end = log, begin, end
        if log:
            assert low > 0, "a logarithmic axis has no place for 0"
            low, high = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
            self.low, self.high = low, max(high, low + 1)
            step = max(1, math.ceil((self.high - self.low) / 6))
            self.ticks = [10.0**power for power in range(self.low, self.high + 1, step)]
            return
        low = min(low, 0) if zero else low
        if high == low:
            high, low = high + (abs(high) or 1) * 0.1, low - (0 if zero else (abs(low) or 1) * 0.1)
        step = 10 ** math.floor(math.log10((high - low) / 3))
        step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= 5)
        self.low, self.high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        self.ticks = [self.low + step * i for i in range(round((self.high - self.low) / step) + 1)]

    def place(self, number):
        number = math.log10(number) if self.log else number
        return self.begin + (number - self.low) / (self.high - self.low) * (self.end - self.begin)


def text(x, y, words, anchor="middle", size=11, extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{extra}>{escape(words)}</text>'


def line(x1, y1, x2, y2, colour="#ddd", extra=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{extra}/>'


def draw_axes(panel, width, height, x_axis, y_axis):
    out = [text(LEFT - 50, 18, panel.title, "start", 12, ' font-weight="bold"')]
    for tick in y_axis.ticks:
        place = y_axis.place(tick)
        out += [line(LEFT, place, width - RIGHT, place), text(LEFT - 5, place + 4, short(tick), "end", 10)]
    for tick, label in panel.labels or [(tick, short(tick)) for tick in x_axis.ticks]:
        place = x_axis.place(tick)
        out += [line(place, height - BOTTOM, place, height - BOTTOM + 4, "#888"), text(place, height - BOTTOM + 16, label, size=10)]
    out.append(f'<rect x="{LEFT}" y="{TOP}" width="{width - LEFT - RIGHT}" height="{height - TOP - BOTTOM}" fill="none" stroke="#888"/>')
    out.append(text((LEFT + width - RIGHT) / 2, height - 8, panel.x))
    middle = (TOP + height - BOTTOM) / 2
    out.append(text(13, middle, panel.y, extra=f' transform="rotate(-90 13 {middle:.1f})"'))
    return out


def draw_series(series, index, x_axis, y_axis):
    out = []
    colour = series.colour or COLOURS[index % len(COLOURS)]
    places = [(x_axis.place(point[0]), y_axis.place(point[1])) for point in series.points]
    if series.line and len(places) > 1:
        dash = DASHES[index % len(DASHES)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"'
                   + (f' stroke-dasharray="{dash}"' if dash else "") + "/>")
    for point, (x, y) in zip(series.points, places):
        if len(point) > 2:
            out.append(line(x, y_axis.place(point[2]), x, y_axis.place(point[3]), colour, ' stroke-width="3" stroke-opacity="0.35"'))
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{colour}"/>')
    return out


def draw_legend(panel, width, height):
    """In the corner, or at the side, that fewest points are near."""
    if len(panel.series) < 2:
        return []
    rows = len(panel.series)
    widest = 34 + max(len(series.name) for series in panel.series) * 5.8
    x, y = panel.legend_at(width, height, widest, rows * 14 + 6)
    out = [f'<rect x="{x:.1f}" y="{y:.1f}" width="{widest:.1f}" height="{rows * 14 + 6}" fill="white" fill-opacity="0.85" stroke="#ccc"/>']
    for index, series in enumerate(panel.series):
        colour, dash = series.colour or COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
        row = y + 14 * index + 12
        extra = ' stroke-width="1.6"' + (f' stroke-dasharray="{dash}"' if dash else "")
        sample = line(x + 5, row - 3, x + 24, row - 3, colour, extra) if series.line else ""
        out += [sample, f'<circle cx="{x + 14.5:.1f}" cy="{row - 3:.1f}" r="2.4" fill="{colour}"/>', text(x + 29, row, series.name, "start", 10)]
    return out


def along(series, x_axis, y_axis):
    """Places of the points and, where a line joins them, some between."""
    places = [(x_axis.place(point[0]), y_axis.place(point[1])) for point in series.points]
    between = [(x1 + (x2 - x1) * i / 8, y1 + (y2 - y1) * i / 8) for (x1, y1), (x2, y2) in zip(places, places[1:]) for i in range(1, 8)]
    return places + (between if series.line else [])


def places_of_legend(width, height, legend_width, legend_height):
    right, bottom = width - RIGHT - legend_width - 6, height - BOTTOM - legend_height - 6
    middle = (TOP + height - BOTTOM - legend_height) / 2
    return [(x, y) for y in (TOP + 6, bottom, middle) for x in (LEFT + 6, right)]


def draw_panel(panel, width, height):
    points = [point for series in panel.series for point in series.points]
    heights = [number for point in points for number in point[1:]] + ([panel.level] if panel.level is not None else [])
    margin = 30 if panel.labels else 8
    x_axis = Axis([point[0] for point in points], panel.x_log, LEFT + margin, width - RIGHT - margin)
    y_axis = Axis(heights, panel.y_log, height - BOTTOM, TOP, panel.y_zero)
    places = [place for series in panel.series for place in along(series, x_axis, y_axis)]

    def legend_at(*size):
        def hidden(corner):
            return sum(corner[0] - 4 <= x <= corner[0] + size[2] + 4 and corner[1] - 4 <= y <= corner[1] + size[3] + 4 for x, y in places)
        return min(places_of_legend(*size), key=hidden)

    panel.legend_at = legend_at
    out = draw_axes(panel, width, height, x_axis, y_axis)
    if panel.level is not None:
        place = y_axis.place(panel.level)
        out += [line(LEFT, place, width - RIGHT, place, "#b00020", ' stroke-dasharray="4 3"'),
                text(width - RIGHT - 3, place - 3, panel.level_name, "end", 9, ' fill="#b00020"')]
    for index, series in enumerate(panel.series):
        out += draw_series(series, index, x_axis, y_axis)
    return out + draw_legend(panel, width, height)


def draw(panels, columns, width=380, height=260):
    """All panels as one SVG, |columns| in a row, each |width| by |height| pixels."""
    rows = -(-len(panels) // columns)
    out = ["<!-- SPDX-License-Identifier: Apache-2.0 -->",
           f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" height="{rows * height}" '
           f'viewBox="0 0 {columns * width} {rows * height}" font-family="Liberation Sans, Arial, sans-serif">',
           '<rect width="100%" height="100%" fill="white"/>']
    for index, panel in enumerate(panels):
        out.append(f'<g transform="translate({index % columns * width} {index // columns * height})">')
        out += draw_panel(panel, width, height) + ["</g>"]
    return "\n".join(out + ["</svg>", ""])
