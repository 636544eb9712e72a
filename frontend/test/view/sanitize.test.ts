// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from "vitest"
import { sanitizeSvg, sanitizeToFragment, sanitizeToHtml } from "../../src/view/sanitize"

const clean = (html: string): string => sanitizeToHtml(html, { allowCss: true })

beforeEach(() => {
  document.body.innerHTML = '<div id="notebook"><div class="rendered_html"></div></div><div id="pager"></div>'
})

const ATTACKS = [
  "<script>window.hit=1</script>",
  "<img src=x onerror=window.hit=1>",
  "<svg onload=window.hit=1><g/></svg>",
  "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
  "<object data='javascript:hit=1'></object><embed src='x'>",
  "<base href='//evil/'><meta http-equiv=refresh content='0;url=//evil'>",
  "<form action='//evil'><input name=a><button formaction='//evil'>x</button></form>",
  "<style>@import '//evil'</style><link rel=stylesheet href='//evil'>",
  "<a href='javascript:hit=1'>x</a><a href='JaVa\tScript:hit=1'>x</a><a href='vbscript:hit=1'>x</a><a href='data:text/html,<script>1</script>'>x</a>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hit=1&gt;'>",
  "<svg></p><style><a id='</style><img src=1 onerror=hit=1>'>",
  "<noscript><p title='</noscript><img src=x onerror=hit=1>'>",
  "<select><selectedcontent></selectedcontent><option><img src=x onerror=hit=1></select>",
  "<template><img src=x onerror=hit=1></template>",
  "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hit=1>",
  `${"<div>".repeat(600)}<img src=x onerror=hit=1>`,
  "<video><source onerror=hit=1></video><audio src=x onerror=hit=1>",
  "<div popover id=x onbeforetoggle=hit=1>y</div><button popovertarget=x>z</button>",
  "<xmp><img title='</xmp><img src=x onerror=hit=1>'>",
]

describe("nothing of an attack is left that runs, loads a page or submits", () => {
  test.each(ATTACKS)("%s", (html) => {
    const holder = document.createElement("div")
    holder.append(sanitizeToFragment(html, { allowCss: true }))
    const again = document.createElement("div")
    again.innerHTML = holder.innerHTML
    for (const root of [holder, again]) {
      expect(root.querySelector("script,iframe,object,embed,base,meta,link,style,form,button,select,template,input:not([type=checkbox])")).toBeNull()
      for (const element of root.querySelectorAll("*")) {
        for (const { name, value } of [...element.attributes]) {
          expect(name.startsWith("on") || name.startsWith("data-") || /action|popover|command/.test(name)).toBe(false)
          if (name === "href" || name === "src") expect(value.replace(/\s/g, "").toLowerCase()).not.toMatch(/^(javascript|vbscript|data:text)/)
        }
      }
    }
  })
})

test("data attributes and handlers of frameworks are gone", () => {
  expect(clean('<a data-toggle="modal" data-jupyter-action="x" ng-app hx-get="/x" href="#a">x</a>')).toBe('<a href="#a">x</a>')
})

test("no label, field or nonce reaches for a control of the page", () => {
  const html = '<label for="logout">x</label><output for="logout">y</output><object form="f"></object><div nonce="n">z</div>'
  expect(clean(html)).toBe("<label>x</label><output>y</output><div>z</div>")
})

test("css stays where asked for, without addresses and without laying itself over the page", () => {
  const html = '<p style="color: red; background: url(http://evil/x); position: fixed; top: 0">x</p>'
  const kept = clean(html)
  expect(kept).toContain("color: red")
  expect(kept).not.toMatch(/url|fixed/)
  expect(sanitizeToHtml(html, { allowCss: false })).toBe("<p>x</p>")
})

test("links leave in a new tab that cannot reach back, those within the page do not", () => {
  expect(clean('<a href="http://x.org">x</a>')).toBe('<a href="http://x.org" target="_blank" rel="noopener noreferrer">x</a>')
  expect(clean('<a href="#x">x</a>')).toBe('<a href="#x">x</a>')
})

test("ids of the page itself and of the document cannot be taken", () => {
  expect(clean('<p id="pager">x</p>')).toBe("<p>x</p>")
  expect(clean('<img name="body">')).not.toContain("name=")
  expect(clean('<p id="mine">x</p>')).toBe('<p id="mine">x</p>')
})

test("attachments and pictures stay", () => {
  expect(clean('<img src="attachment:a.png">')).toBe('<img src="attachment:a.png">')
  expect(clean('<img src="data:image/png;base64,AA==">')).toContain("data:image/png")
})

test("a task list keeps its boxes, dead", () => {
  expect(clean('<input type="checkbox" checked="">')).toContain('disabled=""')
})

test("a drawing loses scripts, handlers, foreign content and references", () => {
  const holder = document.createElement("div")
  holder.append(sanitizeSvg('<svg onload="x"><script>1</script><foreignObject><img src=x onerror=1></foreignObject><use href="//evil#a"/><rect width="1"/></svg>'))
  expect(holder.querySelector("script,foreignObject,img,use")).toBeNull()
  expect(holder.innerHTML).not.toContain("onload")
  expect(holder.querySelector("rect")).not.toBeNull()
})
