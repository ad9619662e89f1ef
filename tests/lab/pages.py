"""report.html in headless Chromium: what is wider than the page, where the answer ends, what overlaps."""
import html
import pathlib
import re
import shutil
import subprocess

SIZES = ((1280, 800), (400, 700))
FRAME = """<!doctype html><iframe id="page" style="border:0;width:{width}px;height:{height}px"
srcdoc="{page}"></iframe><script>
onload = () => {{
  const page = document.getElementById("page").contentDocument, root = page.documentElement;
  const box = e => e.getBoundingClientRect();
  const wide = [...page.querySelectorAll("body *")].filter(
    e => !e.closest(".scroll") && box(e).right > {width} + 1);
  const touch = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  let over = 0, out = 0;
  for (const picture of page.querySelectorAll("svg")) {{
    const words = [...picture.querySelectorAll("text")].map(box), edge = box(picture);
    words.forEach((one, i) => words.slice(i + 1).forEach(other => over += touch(one, other)));
    out += words.filter(w => w.left < edge.left - 1 || w.right > edge.right + 1).length;
  }}
  document.body.dataset.found = [root.scrollWidth, wide.length, Math.round(box(page.querySelector("h1")).bottom),
    page.querySelectorAll("svg").length, over, out].join(" ");
}};
</script>"""


def browser():
    return shutil.which("chromium") or shutil.which("google-chrome")


def measured(chromium, page, width, height, folder):
    """Scroll width, elements beyond the edge, lower edge of the answer, pictures, words of pictures that overlap,
    words that leave them."""
    frame = pathlib.Path(folder) / "frame.html"
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    frame.write_text(FRAME.format(width=width, height=height, page=html.escape(bare)))
    out = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          f"--user-data-dir={folder}/profile", "--window-size=1400,900",
                          "--virtual-time-budget=3000", frame.as_uri()],
                         capture_output=True, timeout=60).stdout.decode(errors="replace")
    found = re.search(r'data-found="([0-9 ]+)"', out)
    return [int(number) for number in found[1].split()] if found else None


def complaints(chromium, page, folder):
    for width, height in SIZES:
        found = measured(chromium, page, width, height, folder)
        if not found:
            yield f"{width} pixels: the browser measured nothing"
            continue
        scroll, wide, answer, pictures, over, out = found
        print(f"{width} pixels: page {scroll} wide, answer ends at {answer}, {pictures} pictures")
        if scroll > width or wide:
            yield f"{width} pixels: {scroll} wide, {wide} elements beyond the edge"
        if answer > height:
            yield f"{width} pixels: the answer ends at {answer}, below the fold"
        if not pictures:
            yield "no picture"
        if over or out:
            yield f"{width} pixels: {over} words of pictures overlap, {out} leave them"
