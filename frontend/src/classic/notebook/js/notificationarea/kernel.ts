/** What the kernel's connection and life tell the user in words. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import { messageOf } from "../../../../model/errors"
import type { KernelSpecModel } from "../../../../model/kernelchoice"
import type { NotebookNotificationArea } from "../notificationarea"

const SHORT_MS = 500
const LONG_MS = 2000
const SPEC_MS = 3000
const RECONNECT_DELAY_MS = 500

interface KernelAttempt {
  attempt: number
}

interface ConnectionFailure extends KernelAttempt {
  ws_url: string
  error?: unknown
}

interface SessionFailure {
  xhr?: { responseJSON?: { message?: string; short_message?: string; traceback?: string }; responseText?: string; statusText?: string }
  error?: unknown
}

interface MissingOutput {
  first: number | null
  last: number | null
  from_ms: number | null
  to_ms: number
  requests?: number
}

export function listenToKernel(area: NotebookNotificationArea): void {
  listenToConnection(area)
  listenToLife(area)
  listenToChoice(area)
  listenToGaps(area)
}

function listenToConnection(area: NotebookNotificationArea): void {
  const { events } = area
  const widget = area.widget("kernel")
  let failure: JQuery | null = null
  events.on("kernel_created.Kernel kernel_created.Session", () => void widget.info("Kernel Created", SHORT_MS))
  events.on("kernel_disconnected.Kernel kernel_reconnecting.Kernel", () => void widget.warning("Connecting to kernel"))
  events.on("kernel_connected.Kernel", () => {
    widget.info("Connected", SHORT_MS)
    failure?.modal("hide")
    failure = null
  })
  events.on("kernel_connection_dead.Kernel", () => {
    widget.danger("Not Connected", undefined, () => {
      window.setTimeout(() => area.notebook.kernel?.reconnect(), RECONNECT_DELAY_MS)
      return false
    }, { title: "click to reconnect" })
  })
  events.on("kernel_connection_failed.Kernel", (_event: unknown, info: ConnectionFailure) => {
    /* The first failure is told; the attempts after it are only counted, and so are those of a new series. */
    if (info.attempt !== 1 || (failure !== null && area.notebook.kernel?.is_connected() === false)) return
    failure = kernelModal(area, {
      title: "Connection failed",
      body: $("<div/>").append(
        $("<p/>").text("The server does not answer. The page keeps trying to reach it."),
        $("<p/>").text("Is the network there, and is the server running? What you type is kept in this page meanwhile."),
      ),
      buttons: { OK: {} },
    })
  })
}

function listenToLife(area: NotebookNotificationArea): void {
  const { events } = area
  const widget = area.widget("kernel")
  events.on("kernel_starting.Kernel kernel_created.Session", () => void widget.set_message("Kernel starting, please wait..."))
  events.on("kernel_ready.Kernel", () => void widget.info("Kernel ready", SHORT_MS))
  events.on("kernel_restarting.Kernel", () => void widget.set_message("Restarting kernel", LONG_MS))
  events.on("kernel_interrupting.Kernel", () => void widget.set_message("Interrupting kernel", LONG_MS))
  events.on("kernel_killed.Kernel kernel_killed.Session", () => {
    if (!area._kernel_died) widget.warning("No kernel")
  })
  events.on("kernel_autorestarting.Kernel", (_event: unknown, info: KernelAttempt) => {
    widget.danger("Dead kernel")
    if (info.attempt === 1) tellAutoRestart(area)
  })
  events.on("kernel_dead.Kernel", () => {
    const show = (): boolean => {
      askToRestart(area)
      return false // the mark stays as long as the kernel is dead
    }
    show()
    widget.danger("Dead kernel", undefined, show)
  })
  events.on("execution_refused.CodeCell", () => tellNotRun(area))
  events.on("kernel_dead.Session", (_event: unknown, info: SessionFailure) => {
    const answer = info.xhr?.responseJSON
    const show = (): boolean => {
      tellStartFailure(area, info)
      return false
    }
    show()
    widget.danger(answer?.short_message ?? "Kernel error", undefined, show)
  })
}

function listenToChoice(area: NotebookNotificationArea): void {
  const widget = area.widget("kernelspec")
  area.events.on("spec_match_found.Kernel", (_event: unknown, match: { found: KernelSpecModel }) => {
    widget.info(`Using kernel: ${match.found.spec.display_name}`, SPEC_MS)
  })
}

/** Stays until it is clicked: the outputs below may look complete and not be. */
function listenToGaps(area: NotebookNotificationArea): void {
  area.events.on("messages_missing.Kernel", (_event: unknown, gap: MissingOutput) => {
    area.widget("output").warning(gapText(gap), undefined, () => true, { title: "click to dismiss" })
  })
}

function gapText({ first, from_ms, to_ms, requests = 0 }: MissingOutput): string {
  const time = (ms: number): string => new Date(ms).toLocaleTimeString()
  const when = from_ms === null ? `before ${time(to_ms)}` : `between ${time(from_ms)} and ${time(to_ms)}`
  const text = `The kernel's output ${when} ${first === null ? "may be" : "is"} incomplete`
  return requests === 0 ? text : `${text}, and what was asked of it then may not have been run`
}

/** A dialog about the kernel takes the place of an earlier one. */
function kernelModal(area: NotebookNotificationArea, options: dialog.DialogOptions): JQuery {
  return dialog.kernel_modal({ notebook: area.notebook, keyboard_manager: area.keyboard_manager, ...options })
}

function tellAutoRestart(area: NotebookNotificationArea): void {
  kernelModal(area, {
    title: "Kernel Restarting",
    body: "The kernel's process ended unexpectedly and is being started again. Its variables are lost; the outputs in this page stay.",
    buttons: { OK: { class: "btn-primary" } },
  })
}

function askToRestart(area: NotebookNotificationArea): void {
  kernelModal(area, {
    title: "Dead kernel",
    body:
      "The kernel's process ended, and starting it again did not help. " +
      "You can go on editing and saving; to run code, the notebook needs a kernel.",
    default_button: "Don't Restart",
    buttons: {
      "Don't Restart": {},
      "Try Restarting Now": { class: "btn-danger", click: () => area.notebook.start_session() },
    },
  })
}

/** Running without a kernel. Once for many cells; whoever shut the kernel down knows how to have another. */
function tellNotRun(area: NotebookNotificationArea): void {
  const { notebook } = area
  if (notebook.session === null || notebook._session_starting) {
    area.widget("kernel").set_message("No kernel yet: nothing was run", LONG_MS)
    return
  }
  if ($(".kernel-modal:visible").length > 0) return
  kernelModal(area, {
    title: "No kernel",
    body: "No kernel is running, so nothing was run. The outputs are as they were.",
    buttons: { Cancel: {}, "Start Kernel": { class: "btn-primary", click: () => notebook.start_session() } },
  })
}

/** Why the kernel did not start, with the server's own words. */
function tellStartFailure(area: NotebookNotificationArea, info: SessionFailure): void {
  const answer = info.xhr?.responseJSON
  const message = answer?.message ?? (info.error ? messageOf(info.error) : "") ?? ""
  const body = $("<div/>").append($("<p/>").text("Failed to start the kernel."))
  if (message || info.xhr?.statusText) body.append($("<p/>").text(message || info.xhr?.statusText || ""))
  if (answer?.traceback) body.append($("<div/>").addClass("output_scroll").append($("<pre/>").text(answer.traceback)))
  kernelModal(area, { title: "Failed to start the kernel", body, buttons: { OK: { class: "btn-primary" } } })
}
