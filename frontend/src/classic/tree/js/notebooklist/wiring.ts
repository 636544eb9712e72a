/** The listeners of the dashboard. All call the list's methods by name, when it happens. */
import $ from "jquery"
import { Jupyter } from "../../../base/js/namespace"
import type { NotebookList } from "../notebooklist"
import { folderOfLink, followHistory, visit } from "./location"
import type { SelectionType } from "./selection"
import type { SortId } from "./sorting"
import { _ } from "../../../../i18n/words"

/** Listeners that every list needs, on its own element. */
export function bindListEvents(list: NotebookList): void {
  list.events.on("sessions_loaded.Dashboard", (_evt: unknown, sessions: NotebookList["sessions"]) => list.sessions_loaded(sessions))
}

/** Listeners of the one list of files. */
export function bindPageEvents(list: NotebookList): void {
  bindRows(list)
  bindSelector(list)
  bindSortButtons(list)
  bindActions(list)
  bindUploads(list)
  bindRefresh(list)
  followHistory(list)
}

function bindRows(list: NotebookList): void {
  list.element.on("change", ".list_item input[type=checkbox]", () => list._selection_changed())
  list.element.on("click", ".list_item", (event) => {
    const isOwnBusiness = $(event.target as Element).closest("a, button, input, .upload_button").length > 0
    const box = (event.currentTarget as Element).querySelector<HTMLInputElement>(":scope > .col-md-12 > input[type=checkbox]")
    if (isOwnBusiness || !box) return
    box.checked = !box.checked
    list._selection_changed()
  })
  const followLink = (event: JQuery.ClickEvent): void => {
    if (event.altKey || event.metaKey || event.shiftKey || event.ctrlKey || event.button) return
    const path = folderOfLink(list, (event.currentTarget as HTMLAnchorElement).href)
    if (path === null) return
    event.preventDefault()
    visit(list, path)
  }
  list.element.on("click", "a.item_link", followLink)
  $("#project_name").on("click", "a", followLink)
}

function bindSelector(list: NotebookList): void {
  const toggleAll = (): void => list.select(list.selected.length > 0 ? "select-none" : "select-all")
  $("#button-select-all").on("click", (event) => {
    event.preventDefault() // the box inside shows the state; it must not flip by itself
    // A box that is prevented from flipping gets its old state back after this listener.
    setTimeout(toggleAll)
  })
  for (const id of ["select-folders", "select-notebooks", "select-running-notebooks", "select-files"] as SelectionType[]) {
    $(`#${id}`).on("click", (event) => {
      event.preventDefault()
      list.select(id)
    })
  }
}

function bindSortButtons(list: NotebookList): void {
  const show = (): void => {
    $(".sort-action").each((_index, button) => {
      const isActive = button.id === list.sort_id
      const isAscending = list.sort_direction === 1
      $(button).attr("aria-pressed", String(isActive)).find("i").remove()
      if (!isActive) return void $(button).removeAttr("title")
      $(button).attr("title", isAscending ? _("ascending") : _("descending"))
      $("<i aria-hidden='true'></i>").addClass(isAscending ? "fa fa-arrow-down" : "fa fa-arrow-up").appendTo(button)
    })
  }
  $(".sort-action").on("click", (event) => {
    const id = (event.currentTarget as Element).id as SortId
    list.sort_list(id, list.sort_id === id && list.sort_direction === 1 ? 0 : 1)
    show()
  })
  show()
}

function bindActions(list: NotebookList): void {
  $(".rename-button").on("click", () => list.rename_selected())
  $(".move-button").on("click", () => list.move_selected())
  $(".duplicate-button").on("click", () => list.duplicate_selected())
  $(".download-button").on("click", () => list.download_selected())
  $(".shutdown-button").on("click", () => list.shutdown_selected())
  $(".view-button").on("click", () => list.view_selected())
  $(".edit-button").on("click", () => list.edit_selected())
  $(".delete-button").on("click", () => list.delete_selected())
  $("#refresh_notebook_list").on("click", () => list.refresh())
}

function bindUploads(list: NotebookList): void {
  $("#alternate_upload").on("change", "input[type=file]", (event) => list.handleFilesUpload(event, "form"))
  $("#upload_span").on("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    $("#upload_span_input").trigger("click")
  })
  const carriesFiles = (event: JQuery.TriggeredEvent): boolean => {
    return (event.originalEvent as DragEvent | undefined)?.dataTransfer?.types.includes("Files") ?? false
  }
  // Anywhere on the page: a file dropped beside the list must not replace the page.
  $(document).on("dragenter dragover", (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    list.element.addClass("is-drop-target")
  })
  $(document).on("dragleave", (event) => {
    if (!(event.originalEvent as DragEvent).relatedTarget) list.element.removeClass("is-drop-target")
  })
  $(document).on("drop", (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    list.element.removeClass("is-drop-target")
    list.handleFilesUpload(event, "drop")
  })
}

const seconds = (value: unknown, fallback_s: number): number => (typeof value === "number" && value > 0 ? value : fallback_s) * 1000
const DEFAULT_REFRESH_S = 60
const DEFAULT_MIN_DELTA_S = 10

/** Now and then while somebody looks, and at once when they come back. The periods are the page's to change. */
function bindRefresh(list: NotebookList): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const plan = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (document.hasFocus()) list.refresh()
      plan()
    }, seconds(Jupyter.tree_time_refresh, DEFAULT_REFRESH_S))
  }
  $(window).on("focus", () => {
    if (Date.now() - list._last_refresh_ms >= seconds(Jupyter.min_delta_refresh, DEFAULT_MIN_DELTA_S)) list.refresh()
    plan()
  })
  plan()
}
