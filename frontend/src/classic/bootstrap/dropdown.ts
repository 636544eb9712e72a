/** `$.fn.dropdown`: menus that open on click and by keyboard, under the Bootstrap 3 names. */
import $ from "jquery"
import { keyAlongLine } from "../../i18n/direction"

declare global {
  interface JQuery {
    dropdown(option?: "toggle"): this
  }
}

const TOGGLE = ".dropdown-toggle, [data-toggle='dropdown']"

function parentOf(toggle: Element): JQuery<HTMLElement> {
  return $(toggle).parent() as JQuery<HTMLElement>
}

function isDisabled(item: JQuery): boolean {
  return item.is(".disabled, :disabled") || item.closest("li").is(".disabled")
}

/** Close every open menu but the one whose parent is `except`. */
export function closeDropdowns(except?: Element): void {
  $(TOGGLE).each((_index, toggle) => {
    const $parent = parentOf(toggle)
    if (!$parent.hasClass("open") || $parent[0] === except) return
    // beside a bar of menus, whose page says where the focus belongs, it would be lost with the item that was chosen
    const losesFocus = $parent.closest(".navbar-nav").length === 0 && $parent.find(".dropdown-menu").has(document.activeElement as Element).length > 0
    if (losesFocus) (toggle as HTMLElement).focus()
    $parent.removeClass("open").find(".open").removeClass("open")
    toggle.setAttribute("aria-expanded", "false")
    $parent.trigger("hidden.bs.dropdown")
  })
}

function openDropdown(toggle: Element): void {
  const $parent = parentOf(toggle)
  closeDropdowns($parent[0])
  const asked = $.Event("show.bs.dropdown", { relatedTarget: toggle })
  $parent.trigger(asked)
  if (asked.isDefaultPrevented()) return
  $parent.addClass("open")
  toggle.setAttribute("aria-expanded", "true")
  $parent.trigger("shown.bs.dropdown")
}

/* The menu that was opened by the pointer on its way: the click at its end does not close it again. */
let passedOver: Element | null = null

function toggleDropdown(toggle: Element): void {
  const isMeant = passedOver === toggle
  passedOver = null
  if (isDisabled($(toggle as HTMLElement)) || (isMeant && parentOf(toggle).hasClass("open"))) return
  if (parentOf(toggle).hasClass("open")) closeDropdowns()
  else openDropdown(toggle)
}

/** The links of one menu that are shown, without those of its submenus. */
function itemsOf(menu: JQuery): JQuery<HTMLElement> {
  const isShown = (element: Element): boolean => getComputedStyle(element).display !== "none"
  return menu.find<HTMLElement>("> li:not(.divider) > a").filter((_i, link) => isShown(link) && isShown(link.parentElement as Element))
}

function moveBy(items: JQuery<HTMLElement>, step: number): void {
  const at = items.index(document.activeElement as HTMLElement)
  const next = at === -1 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length
  items.eq(next).trigger("focus")
}

function besideMenu(toggle: Element, step: number): void {
  const toggles = parentOf(toggle).siblings().addBack().children(TOGGLE)as JQuery<HTMLElement>
  const next = toggles.get((toggles.index(toggle as HTMLElement) + step + toggles.length) % toggles.length)
  if (!next || next === toggle) return
  openDropdown(next)
  next.focus()
}

/* A letter leads to the next item that begins with it. */
function focusByLetter(items: JQuery<HTMLElement>, letter: string): void {
  const at = items.index(document.activeElement as HTMLElement)
  const inOrder = [...items.get().slice(at + 1), ...items.get().slice(0, at + 1)]
  inOrder.find((item) => (item.textContent ?? "").trim().toLowerCase().startsWith(letter.toLowerCase()))?.focus()
}

/* Along a bar of menus that are all closed. */
function focusBeside(toggle: Element, step: number): void {
  const toggles = parentOf(toggle).siblings().addBack().children(TOGGLE) as JQuery<HTMLElement>
  toggles.get((toggles.index(toggle as HTMLElement) + step + toggles.length) % toggles.length)?.focus()
}

function openSubmenu(link: JQuery<HTMLElement>): boolean {
  const submenu = link.parent(".dropdown-submenu").children(".dropdown-menu")
  if (submenu.length === 0) return false
  link.parent().addClass("open")
  itemsOf(submenu).first().trigger("focus")
  return true
}

function closeSubmenu(link: JQuery<HTMLElement>): boolean {
  const submenu = link.closest(".dropdown-menu").parent(".dropdown-submenu")
  if (submenu.length === 0) return false
  submenu.removeClass("open").children("a").trigger("focus")
  return true
}

function closeAndReturn(toggle: HTMLElement): void {
  closeDropdowns()
  toggle.focus()
}

type Move = (link: JQuery<HTMLElement>, toggle: HTMLElement) => void

/** What each key does inside an open menu; `link` is the focused item. */
const MOVES: Readonly<Record<string, Move>> = {
  ArrowDown: (link, toggle) => moveBy(itemsOf(menuOf(link, toggle)), 1),
  ArrowUp: (link, toggle) => moveBy(itemsOf(menuOf(link, toggle)), -1),
  Home: (link, toggle) => itemsOf(menuOf(link, toggle)).first().trigger("focus"),
  End: (link, toggle) => itemsOf(menuOf(link, toggle)).last().trigger("focus"),
  ArrowRight: (link, toggle) => void (openSubmenu(link) || besideMenu(toggle, 1)),
  ArrowLeft: (link, toggle) => void (closeSubmenu(link) || besideMenu(toggle, -1)),
  Escape: (link, toggle) => void (closeSubmenu(link) || closeAndReturn(toggle)),
  " ": (link) => link.get(0)?.click(),
}

function menuOf(link: JQuery<HTMLElement>, toggle: Element): JQuery {
  const own = link.closest(".dropdown-menu")
  return own.length ? own : parentOf(toggle).children(".dropdown-menu")
}

function onKeydown(event: JQuery.TriggeredEvent): void {
  const $parent = $(event.currentTarget as Element).closest(".dropdown, .btn-group, .dropup")
  const toggle = $parent.children(TOGGLE).get(0)
  const key = keyAlongLine(event.key ?? "")
  if (!toggle || event.altKey || event.ctrlKey || event.metaKey) return
  const isInBar = $parent.closest(".navbar-nav").length > 0
  if (!$parent.hasClass("open")) {
    if (isInBar && (key === "ArrowLeft" || key === "ArrowRight")) {
      focusBeside(toggle, key === "ArrowRight" ? 1 : -1)
      event.preventDefault()
      return event.stopPropagation()
    }
    if (key !== "ArrowDown" && key !== "Enter" && key !== " ") return
    openDropdown(toggle)
    itemsOf($parent.children(".dropdown-menu")).first().trigger("focus")
  } else if (MOVES[key]) MOVES[key]?.($(document.activeElement as HTMLElement), toggle)
  else if (key === "Tab") return closeDropdowns()
  else if (key.length === 1) focusByLetter(itemsOf(menuOf($(document.activeElement as HTMLElement), toggle)), key) // no notebook command
  else if (key !== "Enter") return event.stopPropagation()
  else if ($(event.target as Element).is(TOGGLE)) closeAndReturn(toggle)
  else return event.stopPropagation() // the browser follows the focused link; for the notebook, Enter would open the editor
  event.preventDefault()
  event.stopPropagation()
}

function onDocumentClick(event: JQuery.ClickEvent): void {
  if ($(event.target).closest(".dropdown-menu form, .dropdown-submenu > a").length) return
  closeDropdowns()
}

export function dropdownPlugin(this: JQuery, option?: "toggle"): JQuery {
  return this.each((_index, element) => {
    if (option === "toggle") toggleDropdown(element)
  })
}

/** Listen on the document, once per page. */
export function bindDropdowns(): void {
  const $document = $(document)
  $document.on("click.bs.dropdown", onDocumentClick)
  $document.on("click.bs.dropdown", TOGGLE, (event) => {
    event.preventDefault()
    event.stopPropagation()
    toggleDropdown(event.currentTarget as Element)
  })
  $document.on("click.bs.dropdown", ".dropdown-submenu > a", (event) => {
    event.preventDefault()
    $(event.currentTarget as Element).parent().toggleClass("open").siblings(".open").removeClass("open")
  })
  $document.on("mouseenter.bs.dropdown", ".navbar-nav > .dropdown", (event) => {
    const $menu = $(event.currentTarget as Element)
    if ($menu.siblings(".open").length === 0) return
    passedOver = $menu.children(TOGGLE).get(0) as Element
    openDropdown(passedOver)
  })
  $document.on("keydown.bs.dropdown", `${TOGGLE}, .dropdown-menu`, onKeydown)
}
