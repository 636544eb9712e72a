import { describe, expect, test } from "vitest"
import { ansiToHtml, appendOverwriting, consoleHtml, fixBackspace, fixCarriageReturn, linkify } from "../../src/model/ansi"

const ESC = "\u001b"

describe("colours", () => {
  test.each([
    [`${ESC}[31mx${ESC}[0m`, '<span class="ansi-red-fg">x</span>'],
    [`${ESC}[1;31mx`, '<span class="ansi-red-intense-fg ansi-bold">x</span>'],
    [`${ESC}[91mx`, '<span class="ansi-red-intense-fg">x</span>'],
    [`${ESC}[44mx${ESC}[49my`, '<span class="ansi-blue-bg">x</span>y'],
    [`${ESC}[7mx${ESC}[27my`, '<span class="ansi-default-inverse-fg ansi-default-inverse-bg">x</span>y'],
    [`${ESC}[7;32mx`, '<span class="ansi-default-inverse-fg ansi-green-bg">x</span>'],
    [`${ESC}[4mx${ESC}[24my`, '<span class="ansi-underline">x</span>y'],
    [`${ESC}[38;5;9mx`, '<span class="ansi-red-intense-fg">x</span>'],
    [`${ESC}[38;5;82mx`, '<span style="color: rgb(95,255,0)">x</span>'],
    [`${ESC}[38;5;28mx`, '<span style="color: light-dark(rgb(0,135,0), rgb(51,159,51))">x</span>'],
    [`${ESC}[38;5;28;48;5;231mx`, '<span style="color: rgb(0,135,0); background-color: rgb(255,255,255)">x</span>'],
    [`${ESC}[48;5;244mx`, '<span style="background-color: rgb(128,128,128)">x</span>'],
    [`${ESC}[38;2;1;2;3mx`, '<span style="color: rgb(1,2,3)">x</span>'],
    [`${ESC}[1mx${ESC}[22my`, '<span class="ansi-bold">x</span>y'],
    [`${ESC}[mx`, "x"],
  ])("%j", (text, html) => expect(ansiToHtml(text)).toBe(html))

  test.each([
    [`${ESC}[38;5mx`],
    [`${ESC}[38;2;999;0;0mx`],
    [`${ESC}[999mx`],
    [`${ESC}[2J${ESC}[Hx`],
    [`${ESC}]0;title\u0007x`],
    [`${ESC}]52;c;aGVsbG8=\u0007x`],
    [`${ESC}]8;;javascript:alert(1)${ESC}\\x${ESC}]8;;${ESC}\\`],
    [`${ESC}`.concat("x").replace("x", "[6nx")],
  ])("sequences that would act or mean nothing leave only their text: %j", (text) => expect(ansiToHtml(text)).toBe("x"))

  test("html in the text stays text", () => {
    expect(consoleHtml('<img src=x onerror=alert(1)>&"')).toBe("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;")
  })

  test("an unfinished command does not swallow the lines after it", () => {
    expect(ansiToHtml(`a${ESC}]8;;x\nb`)).toBe("a\nb")
  })
})

describe("overwriting", () => {
  test.each([
    ["abc\rX", "Xbc"],
    ["abc\r\ndef", "abc\ndef"],
    ["10%\r20%\r", "20%\r"],
    ["a\r\r\nb", "a\nb"],
    ["\rabc", "abc"],
  ])("%j shows %j", (text, shown) => expect(fixCarriageReturn(text)).toBe(shown))

  test.each([["abc\b\bX", "aX"], ["\bx", "x"], ["a\n\bb", "a\nb"], ["😀\bx", "x"]])("%j erases to %j", (text, shown) =>
    expect(fixBackspace(text)).toBe(shown),
  )

  test("a progress bar in pieces is one line", () => {
    const pieces = ["start\n", "\r10%", "\r20%", "\r100%", "\n", "done"]
    expect(pieces.reduce(appendOverwriting, "")).toBe("start\n100%\ndone")
  })

  test("twenty thousand overwrites of one line take less than a second", () => {
    const begun = performance.now()
    let text = "x\n".repeat(4000)
    for (let i = 0; i < 20_000; i++) text = appendOverwriting(text, `\r${i}`)
    expect(text.endsWith("\n19999")).toBe(true)
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})

describe("links", () => {
  test("addresses become links to a tab that cannot reach back", () => {
    expect(linkify("see https://x.org/a?b=1&c=2.")).toBe(
      'see <a target="_blank" rel="noopener noreferrer" href="https://x.org/a?b=1&amp;c=2">https://x.org/a?b=1&amp;c=2</a>.',
    )
  })
  test.each(["javascript://x.org/%0aalert(1)", "data://x", "a://b"])("%s does not", (text) => expect(linkify(text)).toBe(text))
  test("quotes end an address", () => {
    expect(linkify('"http://x.org"onmouseover="alert(1)"')).not.toContain('"onmouseover')
  })
})

test.each([
  ["escapes", ESC.repeat(200_000)],
  ["open commands", `${ESC}]`.repeat(100_000)],
  ["open sequences", `${ESC}[1;`.repeat(100_000)],
  ["returns", "\r".repeat(200_000)],
  ["backspaces", "a".repeat(100_000) + "\b".repeat(100_000)],
  ["addresses", "http://".repeat(50_000)],
  ["address ends", `http://x${".".repeat(200_000)}`],
])("many %s do not hold up the page", (_name, text) => {
  const begun = performance.now()
  consoleHtml(text)
  expect(performance.now() - begun).toBeLessThan(1500)
})
