/** `notebook/js/promises`: the page's promises and the one for a loaded notebook. */
import { events } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"

export { app_initialized } from "../../base/js/promises"

/** Resolves when the notebook was first loaded. */
export const notebook_loaded: Promise<void> = new Promise((resolve) => {
  events.one("notebook_loaded.Notebook", () => resolve())
})

Jupyter.promises = Object.assign((Jupyter.promises as object | undefined) ?? {}, { notebook_loaded })
