"""The ratios as an SVG: one bar a metric on a logarithmic scale, to the right where Postern is better."""
import math
from xml.sax.saxutils import escape

ROW, LEFT, SCALE, RIGHT, TOP = 18, 330, 520, 190, 48
DECADES = 2  # on either side of 1
BETTER, WORSE = "#2b7a4b", "#b5482f"


def x_of(ratio):
    clipped = max(-DECADES, min(DECADES, math.log10(ratio)))
    return LEFT + SCALE * (clipped + DECADES) / (2 * DECADES)


def bar(row, y, figure):
    ratio = row["ratio"]
    begin, end = sorted((x_of(1), x_of(ratio)))
    colour = BETTER if ratio >= 1 else WORSE
    told = "%.2f×  (%s / %s %s)" % (ratio, figure(row["postern"]), figure(row["peer"]), row["unit"])
    name = escape(row["workload"] + "  " + row["metric"])
    return [
        '<text x="%d" y="%d" text-anchor="end">%s</text>' % (LEFT - 8, y + 12, name),
        '<rect x="%.1f" y="%d" width="%.1f" height="12" fill="%s"/>' % (begin, y + 2, max(end - begin, 1), colour),
        '<text x="%d" y="%d" fill="#555">%s</text>' % (LEFT + SCALE + 8, y + 12, escape(told)),
    ]


def write(path, results, title, figure):
    rows = [row for row in results.finished() if row["ratio"]]
    height = TOP + ROW * len(rows) + 12
    width = LEFT + SCALE + RIGHT
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">'
           % (width, height),
           '<rect width="100%" height="100%" fill="white"/>',
           '<text x="8" y="18" font-size="14">%s</text>' % escape(title)]
    for power in range(-DECADES, DECADES + 1):
        x = x_of(10.0 ** power)
        out.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="%s"/>' % (
            x, x, TOP - 8, height - 8, "#333" if power == 0 else "#ddd"))
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%s×</text>' % (x, TOP - 12, "%g" % 10.0 ** power))
    for index, row in enumerate(rows):
        out += bar(row, TOP + ROW * index, figure)
    out.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
