"""What a page says in words that its catalogues do not have: texts that were never collected, or never translated."""

from __future__ import annotations

import re
from functools import cache

from playwright.sync_api import Page

from tests.contract import catalogues

# Code, what people wrote, names of files and kernels, and keys.
CONTENT = (
    ".CodeMirror, pre, code, kbd, .kb, .rendered_html, .output_area, #tooltip, #pager-container, #complete,"
    " .MathJax, mjx-container, .breadcrumb, .item_name, #notebook_name, .filename, .kernel_indicator_name,"
    " #menu-change-kernel-submenu, #menu-new-notebook-submenu, #mode-menu, #current-mode, .kernel-help-link,"
    " .fnb-static-code, .current_kernel_logo, .server-root, .kernel-name, .cell-tag, .comparison td,"
    " .jupyter-keybindings-text, .attachment-name, .attachment-type, .notebook-content, .xterm, .about_fact,"
    " .prompt, option[value^='text/'], [data-kernel], .xterm-accessibility, #terminal_title, .conflict-message"
)

COLLECT = """([part, content]) => {
    const said = new Set()
    const isSeen = node => {
        const style = getComputedStyle(node)
        return node.getClientRects().length > 0 && style.visibility !== 'hidden'
    }
    const inside = [...document.querySelectorAll(part)].flatMap(root => [root, ...root.querySelectorAll('*')])
    for (const node of inside) {
        if (node.closest(content) || /^(SCRIPT|STYLE|NOSCRIPT)$/.test(node.tagName) || !isSeen(node)) continue
        for (const child of node.childNodes) if (child.nodeType === 3) said.add(child.data)
        for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'aria-valuetext'])
            if (node.hasAttribute(name)) said.add(node.getAttribute(name))
        if (node.tagName === 'OPTION') said.add(node.textContent)
    }
    return [...said].map(text => text.replace(/\\s+/g, ' ').replace(/^ ?: /, '').trim())
        .filter(text => /\\p{L}{2}/u.test(text))
}"""

PLACE = re.compile(r"%(?:\d+\$)?[sdf]|%\(\w+\)s")


@cache
def known_words(language: str) -> re.Pattern[str]:
    """Matches whatever the catalogues of ``language`` can make."""
    texts: set[str] = set()
    for domain in ("nbjs", "nbui", "notebook"):
        for message in catalogues.translation(language, domain):
            if message.id:
                texts.update([message.string] if isinstance(message.string, str) else message.string)
                if domain == "nbui":  # an element may stand in a placeholder, and its text is told apart from the rest
                    texts.update(PLACE.split(str(message.string)))
    return re.compile("|".join(f"(?:{pattern_of(text)})" for text in sorted(texts)), re.DOTALL)


def pattern_of(text: str) -> str:
    """A message as a pattern; a placeholder may hold anything, but a message of placeholders only holds no words."""
    pieces = PLACE.split(" ".join(text.split()))
    place = ".*?" if any(re.search(r"[^\W\d_]{2}", piece) for piece in pieces) else r"[\d.,:  ]+"
    return place.join(re.escape(piece.replace("%%", "%")) for piece in pieces)


def unknown_words(page: Page, part: str, language: str, also: str = r"(?!)") -> list[str]:
    """Texts inside ``part`` that no catalogue of ``language`` makes, and that ``also`` does not match."""
    said: list[str] = page.evaluate(COLLECT, [part, CONTENT])
    known, allowed = known_words(language), re.compile(also)
    return [text for text in said if not known.fullmatch(text) and not allowed.fullmatch(text)]
