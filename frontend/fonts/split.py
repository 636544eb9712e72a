"""Splits the font of MathJax that nearly every formula needs: what most use, and what few do.

    pip install fonttools brotli
    python frontend/fonts/split.py     # again when @mathjax/mathjax-newcm-font has changed: the build says so

A first visit to a notebook with one formula loads 38 kB of it in place of 94.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
FONT = HERE.parent / "node_modules" / "@mathjax" / "mathjax-newcm-font" / "chtml" / "woff2" / "mjx-ncm-n.woff2"
USUAL_RANGES = (
    *((0x20, 0x17F), (0x2C6, 0x2DD), (0x300, 0x30C), (0x20D6, 0x20D7)),  # Latin, accents
    *((0x370, 0x3FF), (0x2010, 0x206F)),  # Greek, punctuation
    *((0x1D434, 0x1D467), (0x1D6E2, 0x1D71B)),  # letters in italics
    *((0x2190, 0x2195), (0x21D0, 0x21D5), (0x27E8, 0x27E9)),
)
USUAL_SIGNS = "ȷ€ℎ↦∂∀∃∅∆∇∈∉∋∏∑−∓∗∘∙√∝∞∠∣∥∧∨∩∪∫∬∭∮∼≃≅≈≠≡≤≥≪≫⊂⊃⊆⊇⊕⊖⊗⊙⊢⊤⊥⊨≺≻∖⋅⋆⋮⋯⋱ℓℏℜℑℵ"  # noqa: RUF001 - these signs they are


def main() -> None:
    """Write both parts, and which characters the first has."""
    whole = TTFont(FONT)
    there = set(whole.getBestCmap())
    usual = {code for code in there if any(first <= code <= last for first, last in USUAL_RANGES)}
    usual |= {ord(sign) for sign in USUAL_SIGNS} & there
    parts = {"usual": usual, "rare": there - usual}
    for name, codes in parts.items():
        (HERE / f"mjx-ncm-n-{name}.woff2").write_bytes(part_of(codes))
    known = {"source": hashlib.sha256(FONT.read_bytes()).hexdigest(), "usual": ranges_of(usual)}
    (HERE / "mjx-ncm-n.json").write_text(json.dumps(known, indent=2) + "\n")


def part_of(codes: Iterable[int]) -> bytes:
    """The font with these characters alone."""
    font = TTFont(FONT, recalcTimestamp=False)
    subsetter = Subsetter(Options(hinting=False, notdef_outline=True, name_IDs=["*"]))
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff2"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def ranges_of(codes: Iterable[int]) -> str:
    """As CSS writes them: ``U+20-7E,U+A0``."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


if __name__ == "__main__":
    main()
