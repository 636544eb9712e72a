/** The quiet signs: kernel circle, mode pencil, kernel name, favicon. */
import $ from "jquery"
import * as utils from "../../../base/js/utils"
import type { KernelSpecModel } from "../../../../model/kernelchoice"
import type { NotebookNotificationArea } from "../notificationarea"
import { _ } from "../../../../i18n/words"

const KERNEL_STATES = "kernel_idle_icon kernel_busy_icon kernel_dead_icon kernel_disconnected_icon"

/** Shorter executions must not make the icon flicker. */
const BUSY_FAVICON_DELAY_MS = 1000

function showKernel(state: "idle" | "busy" | "dead" | "disconnected", title: string): void {
  $("#kernel_indicator_icon").removeClass(KERNEL_STATES).addClass(`kernel_${state}_icon`).attr("title", title)
}

class Favicon {
  private timer: number | undefined

  constructor(private readonly base_url: string) {}

  busy(): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.show("favicon-busy-1.ico"), BUSY_FAVICON_DELAY_MS)
  }

  idle(): void {
    window.clearTimeout(this.timer)
    this.show("favicon-notebook.ico")
  }

  private show(file: string): void {
    utils.change_favicon(utils.url_path_join(this.base_url, "static/base/images", file))
  }
}

export function listenToKernelState(area: NotebookNotificationArea): void {
  const { events } = area
  const favicon = new Favicon(area.notebook.base_url)
  /* The session of a kernel that died is ended too; that must not hide why. */
  events.on("kernel_dead.Kernel", () => void (area._kernel_died = true))
  events.on("kernel_starting.Kernel kernel_created.Session kernel_restarting.Kernel kernel_connected.Kernel", () => void (area._kernel_died = false))
  showKernel("busy", _("Kernel Busy"))
  events.on("kernel_idle.Kernel kernel_ready.Kernel", () => {
    showKernel("idle", _("Kernel Idle"))
    favicon.idle()
  })
  events.on("kernel_busy.Kernel", () => {
    showKernel("busy", _("Kernel Busy"))
    favicon.busy()
  })
  events.on("kernel_starting.Kernel kernel_restarting.Kernel", () => showKernel("busy", _("Kernel Busy")))
  events.on("kernel_connected.Kernel", () => showKernel("busy", _("Kernel Connected")))
  events.on("kernel_reconnecting.Kernel kernel_disconnected.Kernel kernel_connection_failed.Kernel kernel_connection_dead.Kernel", () => {
    showKernel("disconnected", _("No Connection to Kernel"))
  })
  events.on("kernel_dead.Kernel kernel_dead.Session kernel_autorestarting.Kernel", () => {
    showKernel("dead", _("Kernel Dead"))
    favicon.idle()
  })
  events.on("kernel_killed.Kernel kernel_killed.Session", () => {
    if (area._kernel_died) return
    showKernel("busy", _("Kernel is not running"))
    favicon.idle()
  })
  events.on("spec_changed.Kernel", (_event: unknown, kernelspec: KernelSpecModel) => {
    $(".kernel_indicator_name").text(kernelspec.spec.display_name)
  })
  events.on("no_kernel.Kernel", () => $(".kernel_indicator_name").text(_("No Kernel")))
  listenToMode(area)
}

function listenToMode(area: NotebookNotificationArea): void {
  const mode = $("#modal_indicator").addClass("modal_indicator").attr("title", _("Command Mode"))
  area.events.on("edit_mode.Notebook", () => mode.attr("title", _("Edit Mode")).addClass("edit_mode_icon").removeClass("command_mode_icon"))
  area.events.on("command_mode.Notebook", () => mode.attr("title", _("Command Mode")).addClass("command_mode_icon").removeClass("edit_mode_icon"))
  const readOnly = $("#readonly-indicator").attr("title", _("This notebook is read-only")).hide()
  const show = (): void => void readOnly.toggle(area.notebook._fully_loaded && !area.notebook.writable)
  area.events.on("notebook_loaded.Notebook notebook_saved.Notebook notebook_read_only.Notebook", show)
}
