"""What axe-core, the eye and the Tab key find on a page: each finding one line, none where all is well.

``FLASKNB_E2E_PICTURES=<folder>`` keeps a picture, 400 px wide, of all that was looked at, in both themes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.servers import REPO

AXE: Path = REPO / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
NARROW_PX = 400
WIDE_PX = 1200
HEIGHT_PX = 800
PICTURES = os.environ.get("FLASKNB_E2E_PICTURES")

# Cells are known by this documented attribute; the order that it makes is the order on the page.
EXCEPT_RULES = {"tabindex": {"enabled": False}}
# Long lines are read in the editor with Enter and the arrows; these boxes only follow its cursor.
# A heading's ¶ is told from its text by what it is; an underline would make it another sign.
# A program that gives a colour by its exact value (not one of the sixteen names) gets that colour.
EXCEPT_ELEMENTS = [[".CodeMirror-scroll"], [".anchor-link"], ["pre span[style*='rgb(']"]]

RUN_AXE = """async ([part, exclude, options]) => {
    await Promise.all(document.getAnimations().filter(item => item.effect.getTiming().iterations === 1)
        .map(item => item.finished.catch(() => 0)))
    const $ = window.jQuery  // its animations are none of the document's
    while ($ && $(":animated").length) await new Promise(requestAnimationFrame)
    const found = await axe.run({include: [[part]], exclude}, options)
    return found.violations.flatMap(rule =>
        rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))
}"""

BEYOND_THE_EDGE = """([part, width, leftmost]) => [...document.querySelectorAll(`${part}, ${part} *`)].filter(node => {
    const box = node.getBoundingClientRect()
    if (box.width === 0 || box.height === 0 || (box.left >= leftmost && box.right <= width + 1)) return false
    for (let above = node; above; above = above.parentElement) {
        if (above.matches('.sr-only, .CodeMirror')) return false
        const style = getComputedStyle(above)
        if (above !== node && !above.matches('#site, body, html') && style.overflowX !== 'visible') return false
        if (style.visibility === 'hidden') return false
    }
    return true
}).map(node => node.outerHTML.slice(0, 120))"""

LOOK = """(() => {
    const look = node => {
        const parts = []
        for (let above = node, depth = 0; above && depth < 4; above = above.parentElement, depth += 1) {
            const style = getComputedStyle(above)
            parts.push(style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow, style.borderColor,
                style.backgroundColor, style.textDecorationLine)
        }
        return parts.join('|')
    }
    const node = document.activeElement
    if (!node || node === document.body) return null
    node.getAnimations({subtree: true}).forEach(item => item.finish())
    const focused = look(node)
    const name = node.outerHTML.slice(0, 120)
    node.blur()
    node.getAnimations({subtree: true}).forEach(item => item.finish())
    const resting = look(node)
    const seen = node.matches('.cell.selected') || focused !== resting
    node.focus({preventScroll: true})
    return [name, seen]
})()"""


def complaints(page: Page, part: str = "html", rules: tuple[str, ...] = ()) -> list[str]:
    """One line per rule and element inside ``part``, as axe words them; ``rules`` alone, or all."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate("source => { (0, eval)(source) }", AXE.read_text(encoding="utf-8"))
    options: dict[str, Any] = {"rules": EXCEPT_RULES, "resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found: list[str] = page.evaluate(RUN_AXE, [part, EXCEPT_ELEMENTS, options])
    return found


def complaints_in_both_themes(page: Page, part: str) -> list[str]:
    """All of axe in the light theme, and what depends on colours in the dark one."""
    found = []
    for theme, rules in (("light", ()), ("dark", ("color-contrast", "link-in-text-block"))):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        found += [f"{theme}: {line}" for line in complaints(page, part, rules)]
    return found


def beyond_the_edge(page: Page, part: str = "body", *, width_px: int = NARROW_PX, both: bool = False) -> list[str]:
    """What is not shown without scrolling the page to the right, or ``both`` ways; boxes that scroll are fine."""
    found: list[str] = page.evaluate(BEYOND_THE_EDGE, [part, width_px, -1 if both else -1_000_000])
    return found


def look(page: Page, part: str, name: str) -> list[str]:
    """What is wrong with ``part``, wide and narrow; wide in both themes, as no colour depends on the width."""
    page.set_viewport_size({"width": WIDE_PX, "height": HEIGHT_PX})
    found = complaints_in_both_themes(page, part)
    page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
    found += [f"narrow: {line}" for line in complaints(page, part)]
    found += [f"beyond the edge: {line}" for line in beyond_the_edge(page)]
    keep_pictures(page, name)
    page.set_viewport_size({"width": WIDE_PX, "height": HEIGHT_PX})
    return found


def keep_pictures(page: Page, name: str) -> None:
    """As it is now, in both themes, where somebody asked for pictures."""
    for theme in ("light", "dark") if PICTURES else ():
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        page.screenshot(path=str(Path(PICTURES or "") / f"{name.replace('/', ' ')} {theme}.png"))


def walk(page: Page, most: int = 150) -> tuple[list[str], list[str]]:
    """Press Tab until the page was gone through: what had the focus, and which of these did not show it."""
    names: list[str] = []
    hidden: list[str] = []
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        answer: list[Any] | None = page.evaluate(LOOK)
        if answer is None or (names and answer[0] == names[0]):
            break
        names.append(answer[0])
        if not answer[1]:
            hidden.append(answer[0])
    return names, hidden
