/** Where the dashboard is: title, breadcrumbs, and the address bar with its history. */
import $ from "jquery"
import * as utils from "../../../base/js/utils"
import type { NotebookList } from "../notebooklist"
import { _ } from "../../../../i18n/words"

interface HistoryState {
  path?: string
}

/** URL of a folder's dashboard. */
export function folderUrl(list: NotebookList, path: string): string {
  return utils.url_path_join(list.base_url, "tree", utils.encode_uri_components(path))
}

export function showTitle(path: string): void {
  document.title = path ? `${path}/` : _("Home")
}

/** `folder-icon / a / b`, each a link. */
export function showBreadcrumbs(list: NotebookList): void {
  const $crumbs = $("#project_name ul.breadcrumb").empty()
  const $root = $("<a><i class='fa fa-folder' aria-hidden='true'></i></a>").attr("aria-label", _("Root folder")).attr("href", folderUrl(list, ""))
  $("<li></li>").append($root).appendTo($crumbs)
  const parts = list.notebook_path.split("/").filter(Boolean)
  parts.forEach((name, index) => {
    const path = parts.slice(0, index + 1).join("/")
    const $link = $("<a></a>").attr("href", folderUrl(list, path)).text(name)
    if (index === parts.length - 1) $link.attr("aria-current", "page")
    $("<li></li>").append($link).appendTo($crumbs)
  })
}

/** Open a folder in this page and remember it in the browser's history. */
export function visit(list: NotebookList, path: string): void {
  history.pushState({ path } satisfies HistoryState, "", folderUrl(list, path) + location.hash)
  list.update_location(path)
}

/** The folder that a link within the dashboard leads to, or null for any other link. */
export function folderOfLink(list: NotebookList, href: string): string | null {
  const root = new URL(folderUrl(list, ""), location.href)
  const target = new URL(href, location.href)
  const rootPath = root.pathname.replace(/\/$/, "")
  if (target.origin !== root.origin) return null
  if (target.pathname !== rootPath && !target.pathname.startsWith(`${rootPath}/`)) return null
  const encoded = target.pathname.slice(rootPath.length).replace(/^\/+|\/+$/g, "")
  return encoded.split("/").map(decodeURIComponent).join("/")
}

/** Back and forward restore the folder. */
export function followHistory(list: NotebookList): void {
  history.replaceState({ ...(history.state as HistoryState | null), path: list.notebook_path }, "")
  window.addEventListener("popstate", (event) => {
    const path = (event.state as HistoryState | null)?.path ?? folderOfLink(list, location.href)
    if (path !== null && path !== list.notebook_path) list.update_location(path)
  })
}
