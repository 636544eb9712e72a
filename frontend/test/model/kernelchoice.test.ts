import { expect, test } from "vitest"
import { chooseKernel, kernelOfMetadata } from "../../src/model/kernelchoice"

const python = { name: "python3", spec: { display_name: "Python 3", language: "python" }, resources: {} }

test.each([
  [{}, null],
  [{ kernelspec: { name: "ir", display_name: "R", language: "R" } }, { name: "ir", display_name: "R", language: "R" }],
  [{ kernelspec: { name: "ir" }, language_info: { name: "R" } }, { name: "ir", language: "R" }],
  [{ language: "python" }, { language: "python" }],
  // what is no text says nothing
  [{ kernelspec: null, language_info: [1], language: 3 }, null],
  [{ kernelspec: "python3" }, null],
  [{ kernelspec: { name: { a: 1 }, language: "R" }, language: "python" }, { language: "python" }],
  [{ kernelspec: { name: "x", display_name: [1], language: 3 }, language_info: { name: 4 } }, { name: "x" }],
])("of %j the page reads %j, and looks for a kernel", (metadata, wanted) => {
  expect(kernelOfMetadata(metadata)).toEqual(wanted)
  if (wanted) expect(["exact", "matched", "missing"]).toContain(chooseKernel({ python3: python }, wanted).kind)
})
