/** The place of a page's short messages, each under a name. */
import $ from "jquery"
import type { EventBus } from "./events"
import type { Transfer } from "../../../model/transfer"
import { TransferView } from "../../../view/transfer"
import { transferWords } from "./transferwords"
import { NotificationWidget } from "./notificationwidget"
import { _ } from "../../../i18n/words"

/* A page's own area asks for more of the page's objects. */
export interface NotificationAreaOptions {
  events: EventBus
  save_widget?: unknown
  notebook?: unknown
  keyboard_manager?: unknown
}

export class NotificationArea {
  selector: string | JQuery
  element: JQuery
  events: EventBus
  save_widget: unknown
  notebook: unknown
  keyboard_manager: unknown
  widget_dict: Record<string, NotificationWidget>

  constructor(selector: string | JQuery, options: NotificationAreaOptions) {
    this.selector = selector
    this.element = $(selector as string)
    this.events = options.events
    this.save_widget = options.save_widget
    this.notebook = options.notebook
    this.keyboard_manager = options.keyboard_manager
    this.widget_dict = {}
    this._create_announcer()
  }

  /* Screen readers tell what changes in a region that is there all the time; the messages themselves come and go. */
  _create_announcer(): void {
    const announcer = $("<span/>").addClass("sr-only notification_announcer").attr({ role: "status", "aria-live": "polite" })
    this.element.append(announcer)
    this.element.on("notification_shown", (_event, msg: string) => void announcer.text(msg))
  }

  /** Show how far large saves are: from `progress` events, which carry a Transfer, until one of the `ends`. */
  show_transfer(progress: string, ends: string): void {
    const view = new TransferView(transferWords, _("Saving"))
    this.element.append(view.element)
    this.events.on(progress, (_event: unknown, transfer: Transfer) => view.update(transfer))
    this.events.on(ends, () => view.end())
  }

  /** The widget called `name`, made where there is none. */
  widget(name: string): NotificationWidget {
    return Object.hasOwn(this.widget_dict, name) ? this.get_widget(name) : this.new_notification_widget(name)
  }

  /** Throws when there is none. */
  get_widget(name: string): NotificationWidget {
    const widget = Object.hasOwn(this.widget_dict, name) ? this.widget_dict[name] : undefined
    if (!widget) throw new Error(`no widget with this name: ${name}`)
    return widget
  }

  /** Throws when there is one already. */
  new_notification_widget(name: string): NotificationWidget {
    if (Object.hasOwn(this.widget_dict, name)) throw new Error(`widget with that name already exists: ${name}`)
    const $place = $("<div></div>").attr("id", `notification_${name}`).appendTo(this.element)
    const widget = new NotificationWidget($place)
    this.widget_dict[name] = widget
    return widget
  }
}
