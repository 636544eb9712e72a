/** `tree/js/sessionlist`: which notebooks have a kernel, asked from the server and told on the event bus. */
import { events, type EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import { jsonRequest } from "../../services/jsonrequest"

export interface RunningSession {
  id: string
  kernel: { name: string }
}

/** Sessions by the path of their notebook. */
export type RunningSessions = Record<string, RunningSession>

interface SessionModel {
  id: string
  path: string
  type: string
  kernel: { name: string }
}

/** The documented name has three s. */
export class SesssionList {
  events: EventBus
  base_url: string
  sessions: RunningSessions

  constructor(options: { base_url: string; events?: EventBus }) {
    this.events = options.events ?? events
    this.base_url = options.base_url
    this.sessions = {}
  }

  load_sessions(): void {
    utils.ajax(utils.url_path_join(this.base_url, "api/sessions"), {
      ...jsonRequest("GET"),
      success: (data: SessionModel[]) => this.sessions_loaded(data),
      error: utils.log_ajax_error,
    })
  }

  sessions_loaded(data: SessionModel[]): void {
    const notebooks = data.filter((session) => session.type === "notebook")
    this.sessions = Object.fromEntries(notebooks.map(({ id, path, kernel }) => [path, { id, kernel: { name: kernel.name } }]))
    this.events.trigger("sessions_loaded.Dashboard", this.sessions)
  }
}
