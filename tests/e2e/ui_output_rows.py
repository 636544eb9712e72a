"""Section 1.18 of the inventory: outputs given to a cell, and what the page then shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = "<?xml version='1.0'?><svg width='30' height='20'><rect width='9' height='9'/></svg><p>after</p>"
EVIL = "<b>kept</b><script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
ALL_MIMES = [
    "application/javascript", "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg",
    "image/gif", "application/pdf", "text/plain",
]  # fmt: skip


def display(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


@dataclass(frozen=True)
class Shown:
    """``look``: script with ``$out`` (the output element) and ``area``; its value must become ``wanted``."""

    row: str
    outputs: list[dict[str, Any]]
    look: str
    wanted: Any
    metadata: dict[str, Any] = field(default_factory=lambda: {"trusted": True})


UNTRUSTED: dict[str, Any] = {}
HAS = "['html', 'markdown', 'latex', 'svg', 'png', 'text'].filter((kind) => $out.find('.output_' + kind).length)"
ANSI = "\x1b[1mB\x1b[0m\x1b[4mU\x1b[0m\x1b[7mI\x1b[0m\x1b[38;5;208mP\x1b[0m"
ANSI += "\x1b[48;2;1;2;3mT\x1b[0m\x1b[1;31mR\x1b[0m\x1b[92mG\x1b[0m\x1b[2J!"
LONG_LINK = "two https://a.example/" + "x" * 400
SPANS = "$out.find('pre span').get().map((s) => s.className + (s.getAttribute('style') || ''))"

SHOWN: list[Shown] = [
    Shown("1.18 mime priority", [], f"area.mime_types().filter((mime) => {ALL_MIMES}.includes(mime))", ALL_MIMES),
    Shown("1.18 mime priority", [display({"text/plain": "p", "text/html": "<i>h</i>"})], HAS, ["html"]),
    Shown("1.18 mime priority", [display({"text/plain": "p", "image/png": PNG, "text/latex": "l"})], HAS, ["latex"]),
    Shown("1.18 untrusted", [display({"text/html": EVIL})], "$out.text() + (window.pwned || '')", "kept", UNTRUSTED),
    Shown("1.18 untrusted", [display({"text/markdown": "*m*", "text/plain": "p"})], HAS, ["text"], UNTRUSTED),
    Shown("1.18 untrusted", [display({"image/svg+xml": SVG, "image/png": PNG})], HAS, ["png"], UNTRUSTED),
    Shown("1.18 untrusted", [display({"text/latex": "x", "text/plain": "p"})], HAS, ["latex"], UNTRUSTED),
    Shown(
        "1.18 untrusted",
        [display({"application/javascript": "window.pwned = 2", "text/plain": "p"})],
        "$out.text() + (window.pwned || '')",
        "p",
        UNTRUSTED,
    ),
    Shown(
        "1.18 javascript",
        [display({"application/javascript": "element.append(typeof this.append_output + element.attr('class'))"})],
        "$out.text()",
        "functionoutput_subarea output_javascript rendered_html",
    ),
    Shown(
        "1.18 javascript",
        [display({"application/javascript": "throw new Error('mine')"})],
        "$out.find('.js-error').get().map((line) => line.textContent).slice(0, 2)",
        ["Javascript error adding output!", "Error: mine"],
    ),
    Shown("1.18 html", [display({"text/html": "<i>a</i><script>window.ran = 1</script>"})], "window.ran", 1),
    Shown(
        "1.18 html",
        [display({"text/html": f"<img src='data:image/png;base64,{PNG}'>"})],
        "$out.find('img').trigger('dblclick').hasClass('unconfined')",
        True,
    ),
    Shown("1.18 markdown", [display({"text/markdown": "*m*"})], "$out.find('.output_markdown em').text()", "m"),
    Shown("1.18 latex", [display({"text/latex": "$x<y$"})], "$out.find('.output_latex mjx-container').length", 1),
    Shown(
        "1.18 svg",
        [display({"image/svg+xml": SVG})],
        "[$out.find('.output_svg svg').attr('width'), $out.find('svg').parent().css('width'), $out.text().trim()]",
        ["100%", "30px", ""],
    ),
    Shown(
        "1.18 images",
        [display({"image/png": PNG}, {"width": 5, "image/png": {"width": 7, "height": 9, "unconfined": True}})],
        "['width', 'height', 'class'].map((name) => $out.find('img').attr(name))",
        ["7", "9", "unconfined"],
    ),
    Shown(
        "1.18 images",
        [display({"image/jpeg": PNG}, {"width": 5})],
        "($out.find('img')[0].dispatchEvent(new MouseEvent('dblclick')), "
        "[$out.find('.output_jpeg img').attr('width'), $out.find('img').hasClass('unconfined')])",
        ["5", True],
    ),
    Shown("1.18 images", [display({"image/gif": PNG})], "$out.find('.output_gif img').length", 1),
    Shown(
        "1.18 pdf",
        [display({"application/pdf": "JVBERi0="})],
        "[$out.find('a').text(), $out.find('a').attr('target'), $out.find('a').attr('href').slice(0, 20)]",
        ["View PDF", "_blank", "data:application/pdf"],
    ),
    Shown(
        "1.18 isolated",
        [display({"text/html": "<style>b{color:red}</style><b>in</b>"}, {"isolated": True})],
        "[$out.find('iframe').length, $out.find('iframe')[0]?.contentDocument?.body?.textContent.includes('in'), "
        "Math.round($out.find('iframe').width() / $out.find('iframe').parent().width())]",
        [1, True, 1],
    ),
    Shown(
        "1.18 isolated",
        [display({"text/html": "<b>in</b>"}, {"text/html": {"isolated": True}})],
        "[$out.find('iframe').length, getComputedStyle($out.find('iframe')[0]).borderTopWidth, "
        "$out.find('iframe').height() < 60]",
        [1, "0px", True],
    ),
    Shown(
        "1.18 stream",
        [stream("a"), stream("b"), stream("c", "stderr"), stream("d")],
        "area.toJSON().map((output) => output.name + output.text)",
        ["stdoutab", "stderrc", "stdoutd"],
    ),
    Shown(
        "1.18 stream",
        [stream("x\n" * 5000 + "unfinished"), stream(" line\n")],
        "[area.toJSON().length, area.toJSON()[1].text, $out.find('.output_stdout').length]",
        [2, "unfinished line\n", 2],
    ),
    Shown("1.18 stream", [stream("\r")], "$out.find('pre').length", 0),
    Shown("1.18 text processing", [stream("12345\rab\nabc\b\bX <b>")], "$out.find('pre').text()", "ab345\naX <b>"),
    Shown(
        "1.18 text processing",
        [stream("see https://a.example/x?y=1. and ftp://b.example")],
        "$out.find('a').get().map((a) => a.getAttribute('href') + a.target + a.rel)",
        ["https://a.example/x?y=1_blanknoopener noreferrer", "ftp://b.example_blanknoopener noreferrer"],
    ),
    Shown(
        "1.18 ANSI",
        [stream(ANSI)],
        SPANS,
        [
            "ansi-bold",
            "ansi-underline",
            "ansi-default-inverse-fg ansi-default-inverse-bg",
            "color: rgb(255,135,0)",
            "background-color: rgb(1,2,3)",
            "ansi-red-intense-fg ansi-bold",
            "ansi-green-intense-fg",
        ],
    ),
    Shown("1.18 ANSI", [stream(ANSI)], "$out.find('pre').text()", "BUIPTRG!"),
    Shown(
        "1.18 error",
        [
            {
                "output_type": "error",
                "ename": "E",
                "evalue": "v",
                "traceback": ["one", "two https://a.example/" + "x" * 400],
            }
        ],
        "[$out.find('.output_error pre').text().slice(0, 7), $out.find('a').length, "
        "document.getElementById('site').scrollWidth <= document.getElementById('site').clientWidth]",
        ["one\ntwo", 1, True],
    ),
    Shown(
        "1.18 error",
        [{"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}],
        "$out.find('.output_error pre').text()",
        "E: v\n",
    ),
    Shown(
        "1.18 unknown output_type",
        [{"output_type": "hologram", "depth": 3}],
        "[$out.find('.output_unrecognized a').text(), JSON.stringify(area.toJSON())]",
        ["Unrecognized output: hologram", '[{"output_type":"hologram","depth":3}]'],
    ),
    Shown(
        "1.18 display_id",
        [{**display({"text/plain": "a"}), "transient": {"display_id": "d"}}],
        "(area.append_output({output_type: 'update_display_data', data: {'text/plain': 'b'}, metadata: {}, "
        "transient: {display_id: 'd'}}), [$out.find('pre').text(), JSON.stringify(area.toJSON()[0])])",
        ["b", '{"output_type":"display_data","data":{"text/plain":"b"},"metadata":{}}'],
    ),
    Shown(
        "1.18 clear_output",
        [stream("a")],
        "(area.clear_output(), [$out.children().length, area.outputs.length, area.trusted, area.scrolled, "
        "area.collapsed])",
        [0, 0, True, False, False],
        {"scrolled": True},
    ),
    Shown(
        "1.18 clear_output",
        [stream("a")],
        "(area.clear_output(true), [$out.text(), "
        "area.append_output({output_type: 'stream', name: 'stdout', text: 'b'}), $out.text()])",
        ["a", None, "b"],
    ),
    Shown("1.18 scroll", [stream("x\n" * 150)], "$out.hasClass('output_scroll')", True),
    Shown("1.18 scroll", [stream("x\n" * 40)], "(area.toggle_scroll(), $out.hasClass('output_scroll'))", True),
    Shown("1.18 scroll", [stream("x\n" * 5)], "(area.toggle_scroll(), $out.hasClass('output_scroll'))", False),
    Shown(
        "1.18 scroll",
        [stream("x\n" * 40)],
        "(area.scroll_area(), Math.round($out.outerHeight() / parseFloat($out.css('font-size'))))",
        24,
    ),
    Shown("1.18 collapse", [stream("a")], "(area.scroll_state = true, area.collapse(), area.scroll_state)", "auto"),
    Shown(
        "1.18 persistence",
        [stream("a")],
        "[$out.is(':visible'), area.collapsed, area.scroll_state]",
        [False, True, "auto"],
        {"collapsed": True},
    ),
    Shown("1.18 persistence", [stream("x\n" * 150)], "$out.hasClass('output_scroll')", False, {"scrolled": False}),
    Shown("1.18 persistence", [stream("x")], "$out.hasClass('output_scroll')", True, {"scrolled": True}),
    Shown(
        "1.18 new output on collapsed area",
        [stream("a")],
        "(area.collapse(), area.append_output({output_type: 'stream', name: 'stderr', text: 'b'}), "
        "$out.is(':visible'))",
        True,
    ),
]

ROWS: dict[str, str] = {
    **{shown.row: "given to a cell, seen in the page" for shown in SHOWN},
    "1.18 click": "click scrolls, double click hides, a button brings back",
    "1.18 large text": "cut with Show all, whole in the file",
    "1.18 cross-cell update": "a display is updated from another cell",
    "1.18 raw_input": "asks, answers, hides passwords",
    "1.18 prompts": "Out[n], In [n], *, blank",
    "1.18 running": "class while a cell runs",
    "1.18 empty cell": "clears output and prompt, sends nothing",
    "1.18 execute flags": "silent, store_history, stop_on_error, allow_stdin",
    "1.18 trust": "running a cell makes its outputs trusted",
}
