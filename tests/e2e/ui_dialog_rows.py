"""Rows of sections 1.8 to 1.11, 1.15 to 1.17, 1.19 to 1.21, 6 and 7 of the notebook page's inventory."""

from __future__ import annotations

from tests.e2e.ui_dialogs import DIALOGS
from tests.e2e.ui_notifications import NOTIFICATIONS

CELLS: dict[str, str] = {
    "1.8 run this cell": "runs only that cell; the selection stays",
    "1.8 gutter": "click scrolls, double-click folds; titles",
    "1.8 collapsed": ". . . opens the output",
}

DIALOG_ROWS: dict[str, str] = {
    **{f"1.9 {title}": "title, buttons, focus; Escape gives the notebook back" for title in DIALOGS},
    "1.9 Notebook changed": "asked before anything is overwritten",
    "1.9 MathJax missing": "told beside the formulas, which stay readable",
    "1.9 shape": "elements, backdrop, names for screen readers",
    "1.9 focus": "stays inside, comes back; keys do not reach the notebook",
    "1.9 drag": "moved by the header, never out of reach",
    "1.9 nested": "a question over a dialog leaves the keyboard with it",
    "1.9 narrow": "every dialog fits 400 px",
    "1.9 invalid json": "told in place, the dialog stays",
}

INDICATORS: dict[str, str] = {
    **{f"1.10 {row}": "text, style, time" for row in NOTIFICATIONS},
    "1.10 kernel icon": "class and title of each state",
    "1.10 kernel name": "display name; No Kernel",
    "1.10 mode": "pencil and title",
    "1.10 read only": "sign and text",
    "1.10 favicon": "busy after a second",
    "1.10 autosave": "unsaved, autosaved, failed",
    "1.10 checkpoint": "relative time, exact time as title",
    "1.10 dismiss": "click; a callback that says no keeps it",
    "1.10 trust": "Trusted, Not Trusted; click asks",
    "1.10 spoken": "a live region says what is shown",
}

TOOLBARS: dict[str, str] = {
    "1.11 Edit Metadata": "button and dialog",
    "1.11 Raw Cell Format": "choice, custom, none",
    "1.11 Slideshow": "choice",
    "1.11 Attachments": "delete, restore, apply",
    "1.11 Tags": "add, remove, edit all",
    "1.11 None": "hides the bars and is forgotten",
    "1.11 remembered": "in the notebook's metadata",
    "1.11 extension": "a preset of an extension is offered and shown",
    "1.11 raises-exception": "the cells after it run",
}

HELP: dict[str, str] = {
    "1.15 text": "? and ?? open it; ANSI; Escape and q close",
    "1.15 html": "html before text",
    "1.15 resize": "by pointer and keys; room below the last cell",
    "1.15 detach": "in a window of its own",
    "1.16 presses": "show, grow, stay, pager",
    "1.16 escape": "closes it and nothing else",
    "1.16 other key": "closes it",
    "1.16 buttons": "close, grow, pager",
    "1.16 indent": "dedents where there is nothing to ask",
    "1.16 selection": "asks about what is selected; nothing found shows nothing",
    "1.17 single": "goes in at once",
    "1.17 list": "kernel's first, kinds, at most ten lines",
    "1.17 keys": "arrows, pages, Enter, Escape, Backspace",
    "1.17 filter": "typing goes on, the list follows",
    "1.17 prefix": "Tab takes the common beginning",
    "1.17 mouse": "click takes",
    "1.17 blank": "Tab indents",
    "1.17 busy": "words of the cell alone",
    "1.17 astral": "places are counted in characters",
}

TEXT: dict[str, str] = {
    "1.19 markdown": "tables, task lists, fences, quotes",
    "1.19 math": "delimiters; not in code",
    "1.19 headings": "id, anchor, address with a hash",
    "1.19 links": "new tab, relative addresses, alt text",
    "1.19 placeholder": "of an empty cell",
    "1.19 hostile": "nothing runs",
    "1.19 attachments": "shown; missing ones are named",
    "1.19 paste image": "from the clipboard, beside text, twice",
    "1.19 drop image": "names with blanks and brackets; two of one name",
    "1.19 unused": "dropped when saved",
    "1.19 cut and paste": "attachments from cell to cell",
    "1.19 raw": "placeholder, diff, never rendered",
    "1.19 magics": "modes by the first line",
    "1.19 big paste": "5 MB",
    "1.19 rich paste": "text of a rich clipboard",
}

SAVING: dict[str, str] = {
    "1.20 changed on disk": "asked before anything is overwritten",
    "1.20 disabled": "while loading failed, and read-only",
    "1.20 failed": "told, kept dirty, saved later",
    "1.20 autosave": "%autosave, adjusting, off",
    "1.20 checkpoints": "made, listed, restored",
    "1.20 rename": "file, session, address; while a save runs",
    "1.20 save as": "new folder, existing file, session",
    "1.20 unload": "unsaved, autosave off, busy, kill_kernel",
    "1.20 dirty": "what makes a notebook dirty",
    "1.20 restarting": "a save while the kernel restarts",
}

KERNEL: dict[str, str] = {
    "1.21 choice": "address, metadata, language, default",
    "1.21 missing": "dialog, choose, continue without",
    "1.21 switch": "metadata, name, logo, session, css",
    "1.21 kernel.js": "runs; another kernel reloads the page",
    "1.21 reconnect": "the menu's item; output goes on",
    "1.21 autorestart": "dialog, blank prompts, runs again",
    "1.21 dead": "dialog, restart from it",
    "1.21 failed start": "message and log; another kernel works",
    "1.21 interrupt": "stops; kernel_info follows",
    "1.21 restart": "prompts blank, callbacks gone",
    "6b javascript": "%%javascript with element",
    "6b set_next_input": "below, or in place",
    "6b load": "%load puts the text in place",
    "6b connect_info": "prints",
    "6b read-only cell": "no typing, type, split, merge, delete, tags",
    "6b permissions": "only false is kept",
    "6b direction": "rtl and ltr of notebook and cell",
    "6a looks": "widths, colours, breakpoint, glyphs",
    "7 config": "cm_config and the classes' options act",
}

ROWS: dict[str, str] = {**CELLS, **DIALOG_ROWS, **INDICATORS, **TOOLBARS, **HELP, **TEXT, **SAVING, **KERNEL}

NOT_YET: dict[str, str] = {}
"""Rows without a test, with the reason."""
