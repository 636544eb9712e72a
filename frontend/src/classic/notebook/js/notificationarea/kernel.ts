/** What the kernel's connection and life tell the user in words. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import { messageOf } from "../../../../model/errors"
import type { KernelSpecModel } from "../../../../model/kernelchoice"
import type { NotebookNotificationArea } from "../notificationarea"
import { _, pageLocale } from "../../../../i18n/words"

const SHORT_MS = 500
const LONG_MS = 2000
const SPEC_MS = 3000
const RECONNECT_DELAY_MS = 500

interface KernelAttempt {
  attempt: number
  reason?: string
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
  events.on("kernel_created.Kernel kernel_created.Session", () => void widget.info(_("Kernel Created"), SHORT_MS))
  events.on("kernel_disconnected.Kernel kernel_reconnecting.Kernel", () => void widget.warning(_("Connecting to kernel")))
  events.on("kernel_connected.Kernel", () => {
    widget.info(_("Connected"), SHORT_MS)
    failure?.modal("hide")
    failure = null
  })
  events.on("kernel_connection_dead.Kernel", () => {
    widget.danger(_("Not Connected"), undefined, () => {
      window.setTimeout(() => area.notebook.kernel?.reconnect(), RECONNECT_DELAY_MS)
      return false
    }, { title: _("click to reconnect") })
  })
  events.on("kernel_connection_failed.Kernel", (_event: unknown, info: ConnectionFailure) => {
    /* The first failure is told; the attempts after it are only counted, and so are those of a new series. */
    if (info.attempt !== 1 || (failure !== null && area.notebook.kernel?.is_connected() === false)) return
    failure = kernelModal(area, {
      title: _("Connection failed"),
      body: $("<div/>").append(
        $("<p/>").text(_("The server does not answer. The page keeps trying to reach it.")),
        $("<p/>").text(_("Is the network there, and is the server running? What you type is kept in this page meanwhile.")),
      ),
      buttons: { OK: {} },
    })
  })
}

function listenToLife(area: NotebookNotificationArea): void {
  const { events } = area
  const widget = area.widget("kernel")
  events.on("kernel_starting.Kernel kernel_created.Session", () => void widget.set_message(_("Kernel starting, please wait...")))
  events.on("kernel_ready.Kernel", () => void widget.info(_("Kernel ready"), SHORT_MS))
  events.on("kernel_restarting.Kernel", () => void widget.set_message(_("Restarting kernel"), LONG_MS))
  events.on("kernel_interrupting.Kernel", () => void widget.set_message(_("Interrupting kernel"), LONG_MS))
  events.on("kernel_killed.Kernel kernel_killed.Session", () => {
    if (!area._kernel_died) widget.warning(_("No kernel"))
  })
  events.on("kernel_autorestarting.Kernel", (_event: unknown, info: KernelAttempt) => {
    widget.danger(_("Dead kernel"))
    if (info.attempt === 1) tellAutoRestart(area, info.reason)
  })
  events.on("kernel_dead.Kernel", (_event: unknown, info: { reason?: string }) => {
    const show = (): boolean => {
      askToRestart(area, info?.reason)
      return false // the mark stays as long as the kernel is dead
    }
    show()
    widget.danger(_("Dead kernel"), undefined, show)
  })
  events.on("execution_refused.CodeCell", () => tellNotRun(area))
  events.on("kernel_dead.Session", (_event: unknown, info: SessionFailure) => {
    const answer = info.xhr?.responseJSON
    const show = (): boolean => {
      tellStartFailure(area, info)
      return false
    }
    show()
    widget.danger(answer?.short_message ?? _("Kernel error"), undefined, show)
  })
}

function listenToChoice(area: NotebookNotificationArea): void {
  const widget = area.widget("kernelspec")
  area.events.on("spec_match_found.Kernel", (_event: unknown, match: { found: KernelSpecModel }) => {
    widget.info(_("Using kernel: %s", match.found.spec.display_name), SPEC_MS)
  })
}

/** Stays until it is clicked: the outputs below may look complete and not be. */
function listenToGaps(area: NotebookNotificationArea): void {
  area.events.on("messages_missing.Kernel", (_event: unknown, gap: MissingOutput) => {
    area.widget("output").warning(gapText(gap), undefined, () => true, { title: _("click to dismiss") })
  })
}

function gapText({ first, from_ms, to_ms, requests = 0 }: MissingOutput): string {
  const time = (ms: number): string => new Date(ms).toLocaleTimeString(pageLocale())
  const text = first === null ? outputMayLack(from_ms, to_ms, time) : outputLacks(from_ms, to_ms, time)
  return requests === 0 ? text : _("%s, and what was asked of it then may not have been run", text)
}

function outputMayLack(from_ms: number | null, to_ms: number, time: (ms: number) => string): string {
  if (from_ms === null) return _("The kernel's output before %s may be incomplete", time(to_ms))
  return _("The kernel's output between %1$s and %2$s may be incomplete", time(from_ms), time(to_ms))
}

function outputLacks(from_ms: number | null, to_ms: number, time: (ms: number) => string): string {
  if (from_ms === null) return _("The kernel's output before %s is incomplete", time(to_ms))
  return _("The kernel's output between %1$s and %2$s is incomplete", time(from_ms), time(to_ms))
}

/** A dialog about the kernel takes the place of an earlier one. */
function kernelModal(area: NotebookNotificationArea, options: dialog.DialogOptions): JQuery {
  return dialog.kernel_modal({ notebook: area.notebook, keyboard_manager: area.keyboard_manager, ...options })
}

/** What happened, and below it why, where the server knows. */
function withReason(text: string, reason: string): JQuery {
  const body = $("<div/>").append($("<p/>").text(text))
  return reason ? body.append($("<p/>").addClass("kernel-end-reason").text(reason)) : body
}

function tellAutoRestart(area: NotebookNotificationArea, reason: string = ""): void {
  kernelModal(area, {
    title: _("Kernel Restarting"),
    body: withReason(
      _("The kernel's process ended unexpectedly and is being started again. Its variables are lost; the outputs in this page stay."),
      reason,
    ),
    buttons: { OK: { class: "btn-primary" } },
  })
}

function askToRestart(area: NotebookNotificationArea, reason: string = ""): void {
  kernelModal(area, {
    title: _("Dead kernel"),
    body: withReason(
      _("The kernel's process ended, and starting it again did not help. " +
      "You can go on editing and saving; to run code, the notebook needs a kernel."),
      reason,
    ),
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
    area.widget("kernel").set_message(_("No kernel yet: nothing was run"), LONG_MS)
    return
  }
  if ($(".kernel-modal:visible").length > 0) return
  kernelModal(area, {
    title: _("No kernel"),
    body: _("No kernel is running, so nothing was run. The outputs are as they were."),
    buttons: { Cancel: {}, "Start Kernel": { class: "btn-primary", click: () => notebook.start_session() } },
  })
}

/** Why the kernel did not start, with the server's own words. */
function tellStartFailure(area: NotebookNotificationArea, info: SessionFailure): void {
  const answer = info.xhr?.responseJSON
  const message = answer?.message ?? (info.error ? messageOf(info.error) : "") ?? ""
  const body = $("<div/>").append($("<p/>").text(_("Failed to start the kernel.")))
  if (message || info.xhr?.statusText) body.append($("<p/>").text(message || info.xhr?.statusText || ""))
  if (answer?.traceback) body.append($("<div/>").addClass("output_scroll").append($("<pre/>").text(answer.traceback)))
  kernelModal(area, { title: _("Failed to start the kernel"), body, buttons: { OK: { class: "btn-primary" } } })
}
