// @vitest-environment jsdom
/// <reference types="vite/client" />
/** The classes whose methods lie in files by subject: each has all of them, as its own, for extensions to replace. */
import { describe, expect, test } from "vitest"
import { Cell } from "../../src/classic/notebook/js/cell"
import { CodeCell } from "../../src/classic/notebook/js/codecell"
import { OutputArea } from "../../src/classic/notebook/js/outputarea"
import { Kernel } from "../../src/classic/services/kernels/kernel"
import { NotebookList } from "../../src/classic/tree/js/notebooklist"

type Modules = Record<string, Record<string, unknown>>

const CLASSES: [string, { prototype: object }, Modules][] = [
  ["Cell", Cell, import.meta.glob("../../src/classic/notebook/js/cell/*.ts", { eager: true })],
  ["CodeCell", CodeCell, import.meta.glob("../../src/classic/notebook/js/codecell/*.ts", { eager: true })],
  ["OutputArea", OutputArea, import.meta.glob("../../src/classic/notebook/js/outputarea/*.ts", { eager: true })],
  ["NotebookList", NotebookList, import.meta.glob("../../src/classic/tree/js/notebooklist/*.ts", { eager: true })],
  ["Kernel", Kernel, import.meta.glob("../../src/classic/services/kernels/kernel/*.ts", { eager: true })],
]

/** The methods in the part objects that the modules export. */
function methodsOf(modules: Modules): [string, unknown][] {
  const parts = Object.values(modules).flatMap((module) => Object.values(module).filter((value) => typeof value === "object" && value !== null))
  return parts.flatMap((part) => Object.entries(part as object).filter(([, value]) => typeof value === "function"))
}

describe.each(CLASSES)("%s", (_name, { prototype }, modules) => {
  test("has every method of its parts as its own, replaceable property", () => {
    const methods = methodsOf(modules)
    const missing = methods.filter(([name, method]) => {
      const property = Object.getOwnPropertyDescriptor(prototype, name)
      return !property || property.value !== method || !property.writable || !property.configurable || !property.enumerable
    })
    expect(methods.length).toBeGreaterThan(3)
    expect(missing).toEqual([])
  })

  test("has no method in two parts", () => {
    const names = methodsOf(modules).map(([name]) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
