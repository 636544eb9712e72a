import { describe, expect, test } from "vitest"
import { KernelWords, missingFields, withoutEmpty } from "../../src/model/asfound"

describe("a cell whose file lacks fields", () => {
  const found = { cell_type: "code", metadata: {}, execution_count: null }

  test("is written without them as long as nothing is in them", () => {
    expect(missingFields(found)).toEqual(["source", "outputs"])
    expect(withoutEmpty({ ...found, source: "", outputs: [] }, missingFields(found))).toEqual(found)
  })
  test("is written with what was put in", () => {
    expect(withoutEmpty({ ...found, source: "x", outputs: [] }, missingFields(found))).toEqual({ ...found, source: "x" })
  })
  test("keeps empty ones that the file has", () => {
    const whole = { ...found, source: "", outputs: [] }
    expect(withoutEmpty(whole, missingFields(whole))).toEqual(whole)
  })
})

describe("what a kernel says of itself", () => {
  const spec = { name: "python3", display_name: "Python 3 (ipykernel)", language: "python" }
  const file = { kernelspec: { name: "python3", display_name: "Python 3" }, title: "t" }

  test("is taken back", () => {
    const words = new KernelWords(file)
    words.tell("kernelspec", spec)
    words.tell("language_info", { name: "python" })
    expect(words.takenBack({ ...file, kernelspec: spec, language_info: { name: "python" } })).toEqual(file)
  })
  test("stays where somebody else has changed it since", () => {
    const words = new KernelWords(file)
    words.tell("kernelspec", spec)
    const others = { kernelspec: { ...spec, env: { A: "1" } }, title: "t" }
    expect(words.takenBack(others)).toEqual(others)
  })
  test("a language of long ago comes back, which the kernel took the place of", () => {
    const words = new KernelWords({ language: "python" })
    words.tell("kernelspec", spec)
    expect(words.takenBack({ kernelspec: spec })).toEqual({ language: "python" })
  })
  test("the file's own words are no longer the live ones", () => {
    const metadata = { kernelspec: { name: "a" } }
    const words = new KernelWords(metadata)
    metadata.kernelspec.name = "b"
    words.tell("kernelspec", { name: "b" })
    expect(words.takenBack(metadata)).toEqual({ kernelspec: { name: "a" } })
  })
})
