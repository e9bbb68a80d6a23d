"""The results as a bar chart in SVG, readable on a light and on a dark page."""

from html import escape

from bench.report import by_speed, milliseconds
from bench.runners import FLOOR, LITTLECTR

WIDTH = 760
LEFT = 130       # where the bars begin
RIGHT = 150      # kept free for the labels behind them
ROW, BAR = 28, 18
TITLE, PANEL = 58, 44

# The page's background shows through. An image in a README can't ask the page for its colors, only the viewer's system.
STYLE = """
  text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
  .title { font-size: 18px; font-weight: 600 }
  .panel { font-weight: 600 }
  .quiet { fill: #59636e }
  .axis { stroke: #59636e; stroke-width: 1 }
  .other { fill: #a5b0bb }
  .floor { fill: #6e7b88 }
  .ours { fill: #e0622c }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .axis { stroke: #9198a1 }
    .other { fill: #4b5560 }
    .floor { fill: #8b96a3 }
    .ours { fill: #f0803c }
  }
"""


def chart(panels):
  """`panels`: pairs of a title and results. All share one scale, which begins at 0."""
  panels = [(title, [result for result in by_speed(results) if not result.problem]) for title, results in panels]
  longest = max(result.median for _, results in panels for result in results)
  parts, top = heading(), TITLE
  for title, results in panels:
    parts.append(text(0, top + 30, title, "panel"))
    top += PANEL
    parts.append(axis(top, ROW * len(results)))
    for result in results:
      parts += bar(result, top, longest)
      top += ROW
  return document(parts, top + 8)


def heading():
  return [text(0, 22, "Time to run /bin/true in a container", "title"),
          text(0, 46, "Median in milliseconds, less is better. Behind it: how many times floor’s median.", "quiet")]


def axis(top, height):
  return f'<line class="axis" x1="{LEFT - 0.5}" y1="{top}" x2="{LEFT - 0.5}" y2="{top + height}"/>'


def bar(result, top, longest):
  kind = {LITTLECTR: "ours", FLOOR: "floor"}.get(result.runner, "other")
  length = max(1, (WIDTH - LEFT - RIGHT) * result.median / longest)
  middle = top + ROW / 2 + 5
  label = escape(milliseconds(result.median)) + f'<tspan class="quiet" dx="8">{result.ratio:.2f} ×</tspan>'
  return [text(LEFT - 10, middle, result.runner, "name", anchor="end"),
          f'<rect class="{kind}" x="{LEFT}" y="{top + (ROW - BAR) / 2}" width="{length:.1f}" height="{BAR}" rx="2"/>',
          f'<text x="{LEFT + length + 8:.1f}" y="{middle}">{label}</text>']


def text(x, y, content, kind, anchor="start"):
  return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(content)}</text>'


def document(parts, height):
  body = "\n".join("  " + part for part in parts)
  return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
          f'role="img">\n<title>Time to run /bin/true in a container, by runner</title>\n'
          f"<style>{STYLE}</style>\n{body}\n</svg>\n")
