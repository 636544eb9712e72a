/** On pages other than the notebook's: its modules, for extensions that serve several pages. Fetched when one is required. */
import type { LazyModules } from "./lazy"

const OF_THE_NOTEBOOK_PAGE = `
codemirror/lib/codemirror components/codemirror/lib/codemirror components/marked/lib/marked
base/js/markdown base/js/mathjaxutils base/js/security notebook/js/mathjaxutils
services/kernels/comm services/kernels/kernel services/kernels/serialize services/sessions/session
notebook/js/about notebook/js/actions notebook/js/cell notebook/js/celltoolbar notebook/js/celltoolbarpresets/attachments
notebook/js/celltoolbarpresets/default notebook/js/celltoolbarpresets/example notebook/js/celltoolbarpresets/rawcell
notebook/js/celltoolbarpresets/slideshow notebook/js/celltoolbarpresets/tags notebook/js/clipboard notebook/js/codecell notebook/js/codemirror-ipython
notebook/js/codemirror-ipythongfm notebook/js/commandpalette notebook/js/completer notebook/js/contexthint notebook/js/kernelselector
notebook/js/keyboardmanager notebook/js/maintoolbar notebook/js/menubar notebook/js/notebook notebook/js/notificationarea
notebook/js/outputarea notebook/js/pager notebook/js/promises notebook/js/quickhelp notebook/js/savewidget notebook/js/scrollmanager
notebook/js/textcell notebook/js/toolbar notebook/js/searchandreplace notebook/js/shortcuteditor notebook/js/tooltip notebook/js/tour`.trim().split(/\s+/)

async function fromNotebookPage(id: string): Promise<unknown> {
  const { NOTEBOOK_MODULES } = await import("./notebook")
  return NOTEBOOK_MODULES[id]
}

/** What `own`, the page's own modules, leaves out. */
export function modulesOfOtherPages(own: Readonly<Record<string, unknown>>): LazyModules {
  const others = OF_THE_NOTEBOOK_PAGE.filter((id) => !(id in own))
  return Object.fromEntries(others.map((id) => [id, () => fromNotebookPage(id)]))
}
