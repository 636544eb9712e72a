// @vitest-environment jsdom
import $ from "jquery"
import { beforeEach, expect, test } from "vitest"
import { install_bootstrap } from "../../../src/classic/bootstrap/install"

beforeEach(() => {
  install_bootstrap()
  document.body.innerHTML = `
    <ul class="navbar-nav">
      <li class="dropdown" id="one"><a href="#" class="dropdown-toggle" data-toggle="dropdown" id="onelink">One</a>
        <ul class="dropdown-menu">
          <li><a href="#" id="a">A</a></li>
          <li class="divider"></li>
          <li class="dropdown-submenu" id="sub"><a href="#" id="b">B</a><ul class="dropdown-menu"><li><a href="#" id="c">C</a></li></ul></li>
        </ul></li>
      <li class="dropdown" id="two"><a href="#" class="dropdown-toggle" data-toggle="dropdown" id="twolink">Two</a>
        <ul class="dropdown-menu"><li><a href="#" id="d">D</a></li></ul></li>
    </ul>`
})

function press(key: string): void {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
}

const focused = (): string | undefined => document.activeElement?.id

test("a click opens a menu, another closes it", () => {
  $("#onelink").trigger("click")
  expect($("#one").hasClass("open")).toBe(true)
  expect($("#onelink").attr("aria-expanded")).toBe("true")
  $("#onelink").trigger("click")
  expect($("#one").hasClass("open")).toBe(false)
})

test("only one menu is open", () => {
  $("#onelink").trigger("click")
  $("#twolink").trigger("click")
  expect([$("#one").hasClass("open"), $("#two").hasClass("open")]).toEqual([false, true])
})

test("a menu that the pointer opened on its way is not closed by the click at its end", () => {
  $("#onelink").trigger("click")
  $("#two").trigger("mouseenter")
  $("#twolink").trigger("click")
  expect([$("#one").hasClass("open"), $("#two").hasClass("open")]).toEqual([false, true])
  $("#twolink").trigger("click")
  expect($("#two").hasClass("open")).toBe(false)
})

test("a click elsewhere closes", () => {
  $("#onelink").trigger("click")
  $(document.body).trigger("click")
  expect($("#one").hasClass("open")).toBe(false)
})

test("arrows walk through the items, round the ends, past the dividers", () => {
  $("#onelink").trigger("focus")
  press("ArrowDown")
  expect(focused()).toBe("a")
  press("ArrowDown")
  expect(focused()).toBe("b")
  press("ArrowDown")
  expect(focused()).toBe("a")
  press("ArrowUp")
  expect(focused()).toBe("b")
})

test("right opens a submenu, left goes back", () => {
  $("#onelink").trigger("focus")
  press("ArrowDown")
  press("End")
  press("ArrowRight")
  expect(focused()).toBe("c")
  press("ArrowLeft")
  expect(focused()).toBe("b")
})

test("right goes on to the next menu where there is no submenu", () => {
  $("#onelink").trigger("focus")
  press("ArrowDown")
  press("ArrowRight")
  expect($("#two").hasClass("open")).toBe(true)
  expect(focused()).toBe("twolink")
})

test("Escape closes and returns to the menu's name", () => {
  $("#onelink").trigger("focus")
  press("ArrowDown")
  press("Escape")
  expect([$("#one").hasClass("open"), focused()]).toEqual([false, "onelink"])
})

test("letters typed in an open menu go nowhere else", () => {
  $("#onelink").trigger("focus")
  press("ArrowDown")
  const heard: string[] = []
  $(document).on("keydown.test", (event) => void heard.push(event.key ?? ""))
  press("d")
  $(document).off("keydown.test")
  expect(heard).toEqual([])
})

test("an item of a hidden entry is no step", () => {
  $("#sub").css("display", "none").after('<li><a href="#" id="after">After</a></li>')
  $("#onelink").trigger("focus")
  press("ArrowDown")
  press("ArrowDown")
  expect(focused()).toBe("after")
})
