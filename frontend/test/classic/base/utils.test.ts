// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import * as utils from "../../../src/classic/base/js/utils"

describe("paths and URLs", () => {
  test.each([
    [["a", "b"], "a/b"],
    [["a/", "/b"], "a/b"],
    [["/", "tree", ""], "/tree"],
    [["/nb/", "api", "contents", "x.ipynb"], "/nb/api/contents/x.ipynb"],
    [["http://host//a", "b"], "http://host/a/b"],
    [["", "a"], "a"],
    [[], ""],
  ])("%j joined is %s", (parts, joined) => {
    expect(utils.url_path_join(...parts)).toBe(joined)
  })

  test("a path is escaped part by part", () => {
    expect(utils.url_join_encode("a b", "c#d/é?.ipynb")).toBe("a%20b/c%23d/%C3%A9%3F.ipynb")
  })

  test.each([["a.b.py", ["a.b", ".py"]], ["none", ["none", ""]], [".bashrc", [".bashrc", ""]]])("%s splits", (name, parts) => {
    expect(utils.splitext(name)).toEqual(parts)
  })

  test("a path splits at its last slash", () => {
    expect(utils.url_path_split("a/b/c")).toEqual(["a/b", "c"])
    expect(utils.url_path_split("c")).toEqual(["", "c"])
  })

  test("body data is decoded, and a lone % stays", () => {
    document.body.setAttribute("data-base-url", "/a%20b/")
    document.body.setAttribute("data-odd", "100%")
    expect(utils.get_body_data("baseUrl")).toBe("/a b/")
    expect(utils.get_body_data("odd")).toBe("100%")
    expect(utils.get_body_data("absent")).toBeUndefined()
  })
})

describe("text", () => {
  test("what is no text can be escaped, too", () => {
    expect([utils.escape_html(5), utils.escape_html("<a>")]).toEqual(["5", "&lt;a&gt;"])
  })

  test("an id is 32 hex digits, never the same", () => {
    const ids = Array.from({ length: 50 }, () => utils.uuid())
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(50)
  })

  test("URLs become links that cannot reach back", () => {
    const html = utils.autoLinkUrls("see https://a.org/b?c=1&amp;d=2 now")
    expect(html).toContain('href="https://a.org/b?c=1&amp;d=2"')
    expect(html).toContain('rel="noopener noreferrer"')
  })

  test("an escaped quote ends a link", () => {
    expect(utils.autoLinkUrls("https://a.org/&quot;onmouseover=x")).not.toContain('href="https://a.org/&quot;')
  })

  test("indices count characters, not halves of them", () => {
    expect(utils.js_idx_to_char_idx(3, "a🎉b")).toBe(2)
    expect(utils.char_idx_to_js_idx(2, "a🎉b")).toBe(3)
  })

  test.each([[0, "0 B"], [999, "999 B"], [1536, "1.54 kB"], [51_600, "51.6 kB"], [8_000_000, "8 MB"], [8_120_000, "8.12 MB"], [99_999, "100 kB"], [999_950, "1 MB"], [999.7, "1 kB"], [null, ""]])("%s bytes", (size, text) => {
    expect(utils.format_filesize(size)).toBe(text)
  })

  test("addresses of three kinds become links", () => {
    for (const url of ["http://a.org/x", "https://a.org/x", "ftp://a.org/x"]) expect(utils.autoLinkUrls(`see ${url} there`)).toContain(`href="${url}"`)
  })

  test("a wrapped error knows all errors on the way to it, itself the last", () => {
    const cause = new Error("cause")
    const inner = new utils.WrappedError("inner", cause)
    const outer = new utils.WrappedError("outer", inner)
    expect(outer.error_stack).toEqual([cause, inner, outer])
  })

  test("a relative time is written again after ten seconds, a minute or an hour, by its age", () => {
    expect([1e3, 7e4, 5e6].map((age_ms) => utils.time.timeout_from_dt(age_ms))).toEqual([10_000, 60_000, 3_600_000])
    expect(utils.time.thresholds).toEqual({ s: 45_000, m: 2_700_000, h: 79_200_000, d: 2_246_400_000 })
  })

  test("dates are ordered from the oldest with 1, from the newest with 0", () => {
    const dates = ["2021-01-01", "2020-01-01"]
    expect([...dates].sort((a, b) => utils.datetime_sort_helper(a, b, 1))).toEqual(["2020-01-01", "2021-01-01"])
    expect([...dates].sort((a, b) => utils.datetime_sort_helper(a, b, 0))).toEqual(dates)
    expect(utils.datetime_sort_helper("no date", "2020-01-01", 1)).toBe(0)
  })

  test("a data URI comes apart, anything else is an error", () => {
    expect(utils.parse_b64_data_uri("data:image/png;base64,AAA=")).toEqual(["image/png", "AAA="])
    expect(() => utils.parse_b64_data_uri("http://x")).toThrow("data URI")
  })
})

test.each([[1, "seconds ago"], [300, "5 minutes ago"], [86_400 * 60, "2 months ago"], [86_400 * 365, "a year ago"], [86_400 * 800, "2 years ago"]])(
  "%i s ago",
  (age_s, text) => {
    expect(utils.format_datetime(new Date(Date.now() - age_s * 1000))).toBe(text)
  },
)

describe("options and promises", () => {
  test("options lie over the class's defaults, deeply, and leave them alone", () => {
    const cls = { options_default: { cm_config: { mode: "text", indentUnit: 4 } } }
    expect(utils.mergeopt(cls, { cm_config: { mode: "python" } })).toEqual({ cm_config: { mode: "python", indentUnit: 4 } })
    expect(cls.options_default.cm_config.mode).toBe("text")
  })

  test("throttled calls end with the last one", () => {
    vi.useFakeTimers()
    const seen: number[] = []
    const call = utils.throttle((value: number) => void seen.push(value), 100)
    for (const value of [1, 2, 3]) call(value)
    vi.advanceTimersByTime(150)
    vi.useRealTimers()
    expect(seen).toEqual([1, 3])
  })
})

describe("extensions", () => {
  let modules: Record<string, unknown>

  beforeEach(() => {
    modules = {}
    const requirejs = (ids: string[], done: (module: unknown) => void, failed: (error: Error) => void): void => {
      const id = ids[0] ?? ""
      if (id in modules) done(modules[id])
      else failed(new Error(`no ${id}`))
    }
    Object.assign(window, { requirejs })
    vi.spyOn(console, "log").mockImplementation(() => undefined)
    vi.spyOn(console, "error").mockImplementation(() => undefined)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test.each(["../files/a", "a/../../files/a", "http://h/a", "//h/a", "/files/a", "a.js", "a%2e%2e/b", "data:text/javascript,1", "a?b", "a\\b", " a", "a/__proto__", "__proto__", ""])(
    "%j names no installed module",
    async (name) => {
      await expect(utils.load_extension(name)).rejects.toThrow("is not the name of an installed module")
      if (name) await expect(utils.load_class("x", name, {})).rejects.toThrow("is not the name of an installed module")
    },
  )

  test("what no text is, and what every object has, is no class", async () => {
    for (const name of [3, ["a"], { a: 1 }]) await expect(utils.load_class("x", name as never, {})).rejects.toThrow("is not the name of an installed module")
    for (const name of ["constructor", "__proto__", "toString"]) await expect(utils.load_class(name, undefined, {})).rejects.toThrow("not found in registry")
  })

  test("run once, however often they are asked for", async () => {
    const load_ipython_extension = vi.fn()
    modules["nbextensions/once/main"] = { load_ipython_extension }
    await Promise.all([utils.load_extension("once/main"), utils.load_extension("once/main")])
    expect(load_ipython_extension).toHaveBeenCalledTimes(1)
  })

  test("without an entry function are loaded all the same", async () => {
    modules["nbextensions/plain/main"] = {}
    await expect(utils.load_extension("plain/main")).resolves.toEqual({})
  })

  test("that are broken do not hold up the others", async () => {
    const load_ipython_extension = vi.fn()
    modules["nbextensions/bad/main"] = { load_ipython_extension: () => { throw new Error("bad") } }
    modules["nbextensions/good/main"] = { load_ipython_extension }
    const load_extensions = { "bad/main": true, "good/main": true, "missing/main": true, "off/main": false, "gone/main": null }
    await utils.load_extensions_from_config({ section_name: "notebook", data: { load_extensions }, loaded: Promise.resolve() })
    expect(load_ipython_extension).toHaveBeenCalledTimes(1)
  })

  test("find the libraries that they use unasked, which are not loaded for ours alone", async () => {
    const of = (...paths: string[]) => ({ section_name: "notebook", data: { load_extensions: Object.fromEntries(paths.map((path) => [path, true])) }, loaded: Promise.resolve() })
    modules["nbextensions/nbdime/index"] = {}
    modules["nbextensions/theirs/main"] = {}
    const asked: string[] = []
    const requirejs = window.requirejs as unknown as (ids: string[], ready: unknown, failed: unknown) => void
    Object.assign(window, { requirejs: (ids: string[], ready: unknown, failed: unknown) => (asked.push(...ids), requirejs(ids, ready, failed)) })
    await utils.load_extensions_from_config(of("nbdime/index"))
    expect(asked).not.toContain("jqueryui")
    await utils.load_extensions_from_config(of("nbdime/index", "theirs/main"))
    expect(asked).toContain("jqueryui")
  })
})
