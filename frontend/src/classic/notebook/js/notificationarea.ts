/** `notebook/js/notificationarea`: what the kernel and the notebook tell the user, beside the menus. */
import $ from "jquery"
import { NotificationArea } from "../../base/js/notificationarea"
import type { EventBus } from "../../base/js/events"
import type { KeyboardManager } from "./keyboardmanager"
import type { Notebook } from "./notebook"
import type { SaveWidget } from "./savewidget"
import { ConnectionBanner } from "./notificationarea/banner"
import { listenToCulling } from "./notificationarea/culling"
import { listenToKernel } from "./notificationarea/kernel"
import { listenToKernelState } from "./notificationarea/indicator"
import { listenToRuns } from "./notificationarea/runs"
import { listenToNotebook } from "./notificationarea/saving"
import { _ } from "../../../i18n/words"

export interface NotebookNotificationAreaOptions {
  events: EventBus
  save_widget: SaveWidget
  notebook: Notebook
  keyboard_manager: KeyboardManager
}

export class NotebookNotificationArea extends NotificationArea {
  declare events: EventBus
  declare save_widget: SaveWidget
  declare notebook: Notebook
  declare keyboard_manager: KeyboardManager
  /** The kernel ended by itself, and no other one has been started since. */
  _kernel_died: boolean

  constructor(selector: string, options: NotebookNotificationAreaOptions) {
    super(selector, options)
    this.events = options.events
    this.save_widget = options.save_widget
    this.notebook = options.notebook
    this.keyboard_manager = options.keyboard_manager
    this._kernel_died = false
  }

  /** Make the widgets; the page does it once, after all objects exist. */
  init_notification_widgets(): void {
    this.init_kernel_notification_widget()
    this.init_notebook_notification_widget()
    this.init_trusted_notebook_notification_widget()
  }

  init_kernel_notification_widget(): void {
    listenToKernelState(this)
    listenToKernel(this)
    listenToCulling(this)
    listenToRuns(this)
    new ConnectionBanner(this)
  }

  init_notebook_notification_widget(): void {
    listenToNotebook(this)
  }

  /** "Trusted" or "Not Trusted"; the latter opens the question. */
  init_trusted_notebook_notification_widget(): void {
    const widget = this.new_notification_widget("trusted")
    this.events.on("trust_changed.Notebook", (_event: unknown, trusted: boolean) => {
      if (trusted) {
        widget.set_message(_("Trusted"), undefined, () => false, { title: _("Outputs of this notebook may run scripts") })
        $(widget.element).attr({ role: "status", disabled: "disabled", "aria-disabled": "true" }).removeAttr("tabindex").css("cursor", "help")
        return
      }
      widget.set_message(_("Not Trusted"), undefined, () => {
        this.notebook.trust_notebook(true)
        return false // the mark stays until the notebook is trusted
      }, { title: _("Scripts in outputs do not run: click to decide") })
      $(widget.element).removeAttr("disabled aria-disabled").css("cursor", "pointer")
    })
  }
}
