/** Promises for the stages of a page's start, so that a late listener is not too late. */
import { events } from "./events"
import { Jupyter } from "./namespace"

/** Resolves with the application's name when the page has built its objects. */
export const app_initialized: Promise<"NotebookApp" | "DashboardApp"> = new Promise((resolve) => {
  events.one("app_initialized.NotebookApp", () => resolve("NotebookApp"))
  events.one("app_initialized.DashboardApp", () => resolve("DashboardApp"))
})

Jupyter.promises = Object.assign((Jupyter.promises as object | undefined) ?? {}, { app_initialized })
