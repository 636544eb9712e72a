"""nbconvert's own formats, as the notebook page's menu lists them before it has asked. Knows names only."""

from __future__ import annotations

USUAL_FORMATS: tuple[tuple[str, str], ...] = (
    ("asciidoc", "AsciiDoc (.asciidoc)"),
    ("html", "HTML (.html)"),
    ("latex", "LaTeX (.tex)"),
    ("markdown", "Markdown (.md)"),
    ("notebook", "Notebook (.ipynb)"),
    ("pdf", "PDF via LaTeX (.pdf)"),
    ("qtpdf", "PDF via Qt (.pdf)"),
    ("qtpng", "PNG via Qt (.png)"),
    ("rst", "reST (.rst)"),
    ("script", "Script (txt)"),
    ("slides", "Reveal.js slides (.slides.html)"),
    ("webpdf", "PDF via HTML (.pdf)"),
)
"""``(exporter's name, label)``, by name."""
