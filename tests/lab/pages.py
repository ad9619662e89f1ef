"""report.html in headless Chromium: what is wider than the page, where the answer ends, what overlaps."""
import html
import json
import pathlib
import re
import shutil
import subprocess

SIZES = ((1280, 800), (400, 700))
FRAME = """<iframe style="border:0;width:{width}px;height:{height}px" srcdoc="{page}"></iframe>"""
MEASURE = """<script>
const box = e => e.getBoundingClientRect();
const touch = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
function measured(frame) {
  const page = frame.contentDocument, width = frame.clientWidth;
  const found = {scroll: page.documentElement.scrollWidth, answer: Math.round(box(page.querySelector("h1")).bottom),
    pictures: page.querySelectorAll("svg").length, wide: 0, over: 0, out: 0};
  for (const e of page.querySelectorAll("body *")) found.wide += !e.closest(".scroll") && box(e).right > width + 1;
  for (const picture of page.querySelectorAll("svg")) {
    const words = [...picture.querySelectorAll("text")].map(box), edge = box(picture);
    words.forEach((one, i) => words.slice(i + 1).forEach(other => found.over += touch(one, other)));
    found.out += words.filter(w => w.left < edge.left - 1 || w.right > edge.right + 1).length;
  }
  return found;
}
onload = () => { document.body.dataset.found = JSON.stringify([...document.querySelectorAll("iframe")].map(measured)); };
</script>"""


def browser():
    return shutil.which("chromium") or shutil.which("google-chrome")


def measured(chromium, pages, folder):
    """For each page and size, in order: its scroll width, the lower edge of its answer, how many pictures it has, and
    how many elements are beyond its edge, words of pictures overlap, words leave their picture."""
    bare = [re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page) for page in pages]
    frames = [FRAME.format(width=width, height=height, page=html.escape(page))
              for page in bare for width, height in SIZES]
    sheet = pathlib.Path(folder) / "sheet.html"
    sheet.write_text("<!doctype html>" + "\n".join(frames) + MEASURE)
    done = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                           "--dump-dom", f"--user-data-dir={folder}/profile", "--window-size=1400,900",
                           "--virtual-time-budget=20000", sheet.as_uri()], capture_output=True, timeout=100)
    found = re.search(r'data-found="([^"]+)"', done.stdout.decode(errors="replace"))
    if not found:
        print(f"exit {done.returncode}:", done.stderr.decode(errors="replace")[-500:])
    return json.loads(html.unescape(found[1])) if found else []


def wrong(found, width, height):
    if found["scroll"] > width or found["wide"]:
        yield f"{found['scroll']} wide, {found['wide']} elements beyond the edge"
    if found["answer"] > height:
        yield f"the answer ends at {found['answer']}, below the fold"
    if not found["pictures"]:
        yield "no picture"
    if found["over"] or found["out"]:
        yield f"{found['over']} words of pictures overlap, {found['out']} leave them"


def complaints(chromium, pages, folder):
    """`pages`: by name."""
    bodies, batch = list(pages.values()), 10  # a sheet of all of them is slow to load
    found = [numbers for at in range(0, len(bodies), batch)
             for numbers in measured(chromium, bodies[at:at + batch], folder)]
    if len(found) != len(pages) * len(SIZES):
        yield f"the browser measured {len(found)} pages"
        return
    places = [(name, size) for name in pages for size in SIZES]
    for (name, (width, height)), numbers in zip(places, found):
        print(f"{name} at {width}: {numbers}")
        yield from (f"{name} at {width} pixels: {text}" for text in wrong(numbers, width, height))
