// @vitest-environment jsdom
import $ from "jquery"
import { beforeEach, expect, test } from "vitest"
import { install_bootstrap } from "../../../src/classic/bootstrap/install"

const shown = (): (string | null | undefined)[] => [document.querySelector(".popover-title")?.textContent, document.querySelector(".popover-content")?.innerHTML]

beforeEach(() => {
  install_bootstrap()
  document.body.innerHTML = `<button id="a" title="of the title" data-content="of the data">x</button>`
})

test("a click shows a card, another takes it away", () => {
  const heard: string[] = []
  $("#a").popover().on("shown.bs.popover hidden.bs.popover", (event) => void heard.push(event.type))
  $("#a").trigger("click")
  expect([shown(), document.querySelectorAll(".popover.right.in").length]).toEqual([["of the title", "of the data"], 1])
  $("#a").trigger("click")
  expect([$(".popover").length, heard]).toEqual([0, ["shown", "hidden"]])
})

test("strings are text unless the caller says that they are HTML", () => {
  $("#a").popover({ title: "<b>t</b>", content: "<i>c</i>", trigger: "manual" }).popover("show")
  expect(shown()).toEqual(["<b>t</b>", "&lt;i&gt;c&lt;/i&gt;"])
  $("#a").popover("destroy").attr({ "data-html": "true", "data-content": "<i>d</i>" }).popover().popover("show")
  expect(shown()[1]).toBe("&lt;i&gt;d&lt;/i&gt;")
  $("#a").popover("destroy").popover({ html: true, title: "t", content: () => "<i>c</i>", trigger: "manual", placement: "auto top" }).popover("toggle")
  expect([shown(), $(".popover").hasClass("top")]).toEqual([["t", "<i>c</i>"], true])
})

test("pointing and the focus can show it, and what is destroyed shows nothing more", () => {
  $("#a").popover({ trigger: "hover focus" }).trigger("mouseenter").trigger("mouseenter")
  expect($(".popover").length).toBe(1)
  $("#a").trigger("mouseleave").trigger("focusin")
  expect($(".popover").length).toBe(1)
  $("#a").popover("destroy").trigger("mouseenter")
  expect($(".popover").length).toBe(0)
})
