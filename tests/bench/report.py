"""From samples to medians, ratios and spreads; the table and results.json."""
import json
import statistics


def median_or_none(samples):
    return statistics.median(samples) if samples else None


def spread(samples):
    """(largest − smallest) ÷ median, in percent."""
    middle = median_or_none(samples)
    if len(samples) < 2 or not middle:
        return None
    return 100 * (max(samples) - min(samples)) / middle


class Results:
    """Rows in the order they were first seen: workload, metric, and the samples of each server."""

    def __init__(self):
        self.rows = {}

    def add(self, workload, server, metrics):
        for metric in metrics:
            row = self.rows.setdefault((workload, metric["name"]), {
                "workload": workload, "metric": metric["name"], "unit": metric["unit"], "better": metric["better"],
                "samples": {}})
            row["samples"].setdefault(server, []).append(metric["value"])

    def finished(self):
        """Rows with medians and the ratio: above 1, Postern is better."""
        for row in self.rows.values():
            peer = next((name for name in row["samples"] if name != "Postern"), None)
            ours, theirs = (row["samples"].get(name, []) for name in ("Postern", peer))
            row = dict(row, postern=median_or_none(ours), peer=median_or_none(theirs), peer_name=peer, ratio=None,
                       spread={"Postern": spread(ours), "peer": spread(theirs)})
            if row["postern"] and row["peer"]:
                ratio = row["postern"] / row["peer"]
                row["ratio"] = ratio if row["better"] == "higher" else 1 / ratio
            yield row


def figure(value):
    if value is None:
        return "–"
    if value >= 1000:
        return "{:,.0f}".format(value)
    return "{:.3g}".format(value) if value < 100 else "{:.0f}".format(value)


def _ratio(row):
    return "–" if row["ratio"] is None else "{:.2f}".format(row["ratio"])


def _spread(row):
    parts = [row["spread"][name] for name in ("Postern", "peer")]
    return " / ".join("–" if part is None else "{:.0f} %".format(part) for part in parts)


# The peer is Dovecot, and SOGo where phones are served.
HEAD = ["workload", "metric", "unit", "Postern", "peer", "ratio", "spread P / peer"]


def table(results):
    """Markdown, readable in a terminal too. A ratio above 1: Postern is better."""
    lines = [HEAD]
    last = None
    for row in results.finished():
        name = row["workload"] if row["workload"] != last else ""
        last = row["workload"]
        lines.append([name, row["metric"], row["unit"], figure(row["postern"]), figure(row["peer"]), _ratio(row),
                      _spread(row)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    lines.insert(1, ["-" * width for width in widths])
    text = []
    for line in lines:
        cells = [cell.ljust(width) if column < 3 else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(line, widths))]
        text.append("| " + " | ".join(cells) + " |")
    return "\n".join(text)


def write_json(path, results, about):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(dict(about, results=list(results.finished())), file, indent=1, ensure_ascii=False)
        file.write("\n")
