/** What cells and outputs ask of their collaborators: the documented surface, as interfaces. */

export type { EventBus } from "../../base/js/events"

/** What cells use of the KeyboardManager. */
export interface Keyboards {
  register_events(element: JQuery): unknown
  enable?(): unknown
  disable?(): unknown
  edit_shortcuts?: { handles(event: KeyboardEvent): boolean }
  notebook?: { get_selected_cell(): { element: JQuery } | null } | undefined
}

/** What cells know of their notebook. */
export interface NotebookLike {
  _fully_loaded?: boolean
  _draws_later?: boolean
  nbformat?: number
  nbformat_minor?: number
  mode?: string
  metadata?: Record<string, unknown>
  kernel?: unknown
  kernel_busy?: boolean
  _kernel_is_gone?: boolean
  trusted?: boolean
  _place_of?(cell: unknown): unknown
  _remove_execution?(msg_id: string): void
}

/** Source text, output and metadata of one cell, as the notebook format has it. */
export interface CellJSON {
  cell_type: string
  id?: string
  source: string
  metadata: Record<string, unknown>
  attachments?: Record<string, Record<string, string>>
  outputs?: unknown[]
  execution_count?: number | null
}
