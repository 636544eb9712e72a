// @vitest-environment jsdom
import "codemirror/mode/python/python"
import { escapeHtml } from "../../src/model/ansi"
import { describe, expect, test } from "vitest"
import { addHeadingAnchors, markdownToHtml, resolveAttachments } from "../../src/view/markdown"
import { removeMath, replaceMath } from "../../src/view/markdown_math"

const html = (text: string): string => markdownToHtml(text, { withMath: true })

describe("formulas", () => {
  test.each([
    ["a $x_1*y*z$ b", ["$x_1*y*z$"]],
    ["$$\nx_1\n$$", ["$$\nx_1\n$$"]],
    ["\\\\(a_b\\\\) and \\\\[c_d\\\\]", ["\\(a_b\\)", "\\[c_d\\]"]],
    ["\\begin{align}a_1\\\\\n\\begin{align}b\\end{align}\n\\end{align} x", ["\\begin{align}a_1\\\\\n\\begin{align}b\\end{align}\n\\end{align}"]],
    ["`$not$` $yes$", ["$yes$"]],
    ["```\n$no$\n```\n$yes$", ["$yes$"]],
    ["~~~\n$no$\n~~~\n$yes$", ["$yes$"]],
    ["$\\text{a $b$ c}$ d", ["$\\text{a $b$ c}$"]],
    ["cost $5\n\nand $6", []],
    ["\\$5 and \\$6", []],
    ["$a \\$ b$", ["$a \\$ b$"]],
    ["\\begin{x} never ends", []],
    ["$\\begin{align*}\na\n\\end{align*}$", ["\\begin{align*}\na\n\\end{align*}"]],
    ["$\\begin{align}a\\end{align} + 1$", ["$\\begin{align}a\\end{align} + 1$"]],
    ["$\\begin{pmatrix}a\\end{pmatrix}$", ["$\\begin{pmatrix}a\\end{pmatrix}$"]],
  ])("%j holds %j", (text, formulas) => {
    const [plain, found] = removeMath(text)
    expect(found).toEqual(formulas)
    expect(found.reduce((rest, _formula, index) => rest.replace(`@@${index}@@`, ""), plain)).not.toContain("@@")
  })

  test("they come back escaped", () => {
    const [plain, formulas] = removeMath('$a<b & "c"$')
    expect(replaceMath(plain, formulas)).toBe("$a&lt;b &amp; &quot;c&quot;$")
  })

  test("a placeholder in the text is only text", () => {
    const [plain, formulas] = removeMath("@@0@@ $x$")
    expect(replaceMath(plain, formulas)).toBe("@@0@@ $x$")
  })

  test("underscores and stars of a formula make no emphasis", () => expect(html("$a_1 b_2 *c*$")).toBe("<p>$a_1 b_2 *c*$</p>\n"))

  test("an escaped dollar is not a formula for MathJax either", () => {
    expect(html("\\$5 and \\$6")).toBe('<p><span class="tex2jax_ignore">$</span>5 and <span class="tex2jax_ignore">$</span>6</p>\n')
  })
})

describe("text", () => {
  test("code of a known language is coloured", () => {
    expect(html("```python\nimport os\n```")).toContain(
      '<pre><code class="cm-s-ipython language-python"><span class="cm-keyword">import</span> <span class="cm-variable">os</span>',
    )
  })
  test("code of an unknown one is as it was", () => {
    expect(html('```"><img src=x>\n<b>\n```')).toContain("&lt;b&gt;")
    expect(html('```"><img src=x>\n<b>\n```')).not.toContain("<img")
  })
  test("tables align by style", () => {
    expect(html("|a|b|\n|:-:|--:|\n|1|2|")).toContain('<td style="text-align:center">1</td>')
  })
  test("html passes", () => expect(html("<b>x</b>")).toBe("<p><b>x</b></p>\n"))
})

test("headings get the documented id and link", () => {
  const holder = document.createElement("div")
  holder.innerHTML = html("# Foo\n## Foo `b` bar")
  addHeadingAnchors(holder)
  expect(holder.querySelector("h1")?.outerHTML).toBe('<h1 id="Foo">Foo<a class="anchor-link" href="#Foo">¶</a></h1>')
  expect(holder.querySelector("h2")?.id).toBe("Foo-b-bar")
})

test("a heading cannot take the place of a part of the page", () => {
  document.body.innerHTML = '<div id="pager"></div>'
  const holder = document.createElement("div")
  holder.innerHTML = "<h1>pager</h1>"
  addHeadingAnchors(holder)
  expect(holder.querySelector("h1")?.id).toBe("pager-heading")
})

test("attachments are shown, a missing one is empty", () => {
  const holder = document.createElement("div")
  holder.innerHTML = '<img src="attachment:a%20b.png"><img src="attachment:gone"><img src="attachment:__proto__"><img src="attachment:bad">'
  resolveAttachments(holder, { "a b.png": { "image/png": "AA==" }, bad: { 'text/html"x': "AA" } })
  expect([...holder.querySelectorAll("img")].map((image) => image.getAttribute("src"))).toEqual(["data:image/png;base64,AA==", "", "", ""])
})

describe("a text that would hold up the page is shown as it is", () => {
  test.each([
    ["stars", "*".repeat(100_000)],
    ["starred letters", "**a ".repeat(20_000)],
    ["emphasis that never ends", "**a *b_c __d ".repeat(2_000)],
    ["open brackets", "[".repeat(50_000)],
    ["backticks", "`".repeat(100_000)],
    ["growing backticks", Array.from({ length: 600 }, (_, i) => "`".repeat(i + 1)).join(" ")],
    ["quotes", "> ".repeat(20_000)],
    ["angle brackets", "<".repeat(50_000)],
    ["underscores", "_a ".repeat(30_000)],
    ["tilde", "~".repeat(50_000)],
    ["lists", "- ".repeat(5_000)],
    ["lists within lists", Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n")],
    ["one endless address", `${"a".repeat(50_000)}@`],
    ["a megabyte", "a b\n".repeat(300_000)],
  ])("%s", (_name, text) => expect(html(text)).toBe(`<pre>${escapeHtml(text)}</pre>`))
})

/* Each would take seconds to minutes without its limit, and the test would not end in time. */
test.each([
  ["nested links", "[a](".repeat(20_000)],
  ["dollars", "$".repeat(50_001)],
  ["dollars in words", "a $ b\n\n".repeat(5_000)],
  ["dollars with braces", "${".repeat(20_000)],
  ["open environments", "\\begin{a}".repeat(5_000)],
  ["pipes", "|".repeat(50_000)],
])("many %s come to an end", (_name, text) => expect(html(text)).toContain("a$|".includes(text[0] ?? "") ? text[0] : ""))

test.each([
  ["a table of bold words", `|a|\n|-|\n${"|**b**|\n".repeat(500)}`, "<strong>b</strong>"],
  ["a picture in the text", `![x](data:image/png;base64,${btoa(String.fromCharCode(...Array.from({ length: 9000 }, (_, i) => (i * 89) % 256)))})`, "<img "],
  ["a list twenty deep", Array.from({ length: 20 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n"), "<ul>"],
])("%s is nothing unusual", (_name, text, expected) => expect(html(text)).toContain(expected))
