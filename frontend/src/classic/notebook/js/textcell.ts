/** `notebook/js/textcell`: cells of text: Markdown, shown rendered, and raw text for other programs. */
import $ from "jquery"
import { joinText } from "../../../model/outputs"
import { addHeadingAnchors, resolveAttachments } from "../../../view/markdown"
import { autoKey, freeKey, markdownKey } from "../../../model/attachments"
import { messageOf } from "../../../model/errors"
import { make } from "../../../view/elements"
import { whenNear } from "../../../view/nearby"
import * as dialog from "../../base/js/dialog"
import * as markdown from "../../base/js/markdown"
import * as utils from "../../base/js/utils"
import { Cell, type CellOptions, type HighlightModes } from "./cell"
import type { CellJSON } from "./cell_types"
import "./codemirror-ipythongfm"
import "../../../view/modes"
import { _ } from "../../../i18n/words"

type ClassOptions = { cm_config: Record<string, unknown>; [name: string]: unknown }

export class TextCell extends Cell {
  static override config_name = "TextCell"
  static override options_default: ClassOptions = {
    cm_config: { mode: "htmlmixed", lineWrapping: true },
  }

  override create_element(): void {
    super.create_element()
    this.cell_type = this.cell_type ?? "text"
    const input_area = make("div", "input_area", { role: "group", "aria-label": _("Edit Markup Text here") })
    const rendered = make("div", "text_cell_render rendered_html", { tabindex: "-1" })
    const inner_cell = make("div", "inner_cell", {}, [...this._create_toolbar().get(), input_area, rendered])
    this.element = $(make("div", "cell text_cell", { tabindex: "2" }, [make("div", "prompt input_prompt"), inner_cell]))
    this.inner_cell = $(inner_cell)
    this.input_area = $(input_area)
    this._create_editor(this.input_area)
  }

  /** Keep a file in the cell: `mime_type` and base64 text under `key`. */
  add_attachment(key: string, mime_type: string, b64_data: string): void {
    this.attachments[key] = { [mime_type]: b64_data }
  }

  override select(moveanchor?: boolean): boolean | void {
    const changed = super.select(moveanchor)
    if (changed && this.mode === "edit") this.refresh()
    return changed
  }

  override unrender(): boolean | void {
    const changed = super.unrender()
    // The editor could not measure itself while it was hidden.
    if (changed) this.refresh()
    return changed
  }

  override execute(): void {
    this.render()
  }

  override get_text(): string {
    return super.get_text()
  }

  override set_text(text: string): void {
    this._replace_text(text)
    this.unrender()
    this.refresh()
  }

  get_rendered(): string {
    this._draw_waiting()
    return this.element.find("div.text_cell_render").html()
  }

  set_rendered(text: string | JQuery): void {
    const place = this.element.find("div.text_cell_render").empty()
    if (typeof text === "string") place.html(text)
    else place.append(text)
  }

  override fromJSON(data: CellJSON): void {
    super.fromJSON(data)
    if (data.cell_type !== this.cell_type) return
    if (data.attachments !== undefined) this.attachments = data.attachments
    if (data.source === undefined) return
    this.set_text(joinText(data.source))
    // Undo must not lead to the empty cell that was before.
    this._clear_history()
    this.set_rendered("")
    this.render()
  }

  /** `gc_attachments`: leave out what the text does not refer to any more. */
  override toJSON(gc_attachments?: boolean): CellJSON {
    const data = super.toJSON()
    data.source = this.get_text()
    const keys = Object.keys(this.attachments).filter((key) => {
      return !gc_attachments || data.source.includes(`attachment:${key}`) || data.source.includes(`attachment:${encodeURIComponent(key)}`)
    })
    if (keys.length > 0) data.attachments = Object.fromEntries(keys.map((key) => [key, this.attachments[key] ?? {}]))
    return data
  }
}

/* Images that a paste or a drop carries. */
function image_files(transfer: DataTransfer | null | undefined): File[] {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"))
}

/* Office programs add a picture of what was copied to its text: there, the text is meant. */
function pasted_images(clipboard: DataTransfer | null | undefined): File[] {
  return clipboard?.getData("text/plain") ? [] : image_files(clipboard)
}

export class MarkdownCell extends TextCell {
  static override config_name = "MarkdownCell"
  static override options_default: ClassOptions = {
    cm_config: { mode: "ipythongfm" },
    placeholder: _("Type *Markdown* and LaTeX: $\\alpha^2$"),
  }

  /** Ends the waiting of a text that is shown as it is written, while a long notebook comes in. */
  declare _stop_waiting: (() => void) | undefined

  override create_element(): void {
    this.cell_type = "markdown"
    super.create_element()
  }

  override bind_events(): void {
    super.bind_events()
    this.element.on("dblclick", () => {
      if (this.unrender()) this.focus_editor()
    })
    const zone = this.inner_cell ?? $()
    const input_area = this.input_area ?? $()
    input_area.on("paste", (event) => {
      const images = pasted_images((event.originalEvent as ClipboardEvent | undefined)?.clipboardData)
      if (images.length === 0 || !this.is_editable()) return
      event.preventDefault()
      for (const image of images) this.insert_inline_image_from_blob(image)
    })
    input_area.on("dragover", (event) => {
      if (!this.is_editable() || !utils.dnd_contain_file(event.originalEvent as DragEvent)) return
      event.preventDefault()
      zone.addClass("dropzone")
    })
    input_area.on("dragleave drop", () => zone.removeClass("dropzone"))
    input_area[0]?.addEventListener("drop", (event) => this._on_drop(event), { capture: true })
  }

  /* Before the editor sees it: it would read the picture as text. */
  _on_drop(event: DragEvent): void {
    const images = image_files(event.dataTransfer)
    if (images.length === 0 || !this.is_editable()) return
    event.preventDefault()
    event.stopPropagation()
    this.inner_cell?.removeClass("dropzone")
    for (const image of images) this.insert_inline_image_from_blob(image)
  }

  /** Make the text a heading of `level` 1 to 6. */
  set_heading_level(level: number): void {
    const marks = "#".repeat(Math.min(6, Math.max(1, Math.floor(level))))
    this.set_text(`${marks} ${this.get_text().replace(/^\s*(?:#+\s*)?/, "")}`)
    this.refresh()
  }

  override select(moveanchor?: boolean): boolean | void {
    return super.select(moveanchor)
  }

  override unrender(): boolean | void {
    const changed = super.unrender()
    if (changed) this._forget_waiting()
    return changed
  }

  /** Keep the picture as an attachment and show it at the cursor. */
  insert_inline_image_from_blob(blob: Blob & { name?: string }): void {
    const reader = new FileReader()
    reader.addEventListener("load", () => {
      const [mime, b64] = utils.parse_b64_data_uri(String(reader.result))
      const key = this._attachment_key(blob, { [mime]: b64 })
      this.add_attachment(key, mime, b64)
      this.code_mirror.replaceSelection(`![${key}](attachment:${key})`, "end")
      this.events.trigger("set_dirty.Notebook", { value: true })
    })
    reader.addEventListener("error", () => this._image_failed(blob, reader.error))
    reader.readAsDataURL(blob)
  }

  /* A name that Markdown can carry; the same picture keeps its name, another one gets a number. */
  _attachment_key(blob: Blob & { name?: string }, attachment: Record<string, string>): string {
    const has_name = blob.name !== undefined && blob.name !== "image.png" // what browsers call a picture from the clipboard
    return has_name ? freeKey(this.attachments, markdownKey(blob.name as string), attachment) : autoKey(this.attachments, attachment)
  }

  _image_failed(blob: Blob & { name?: string }, error: unknown): void {
    console.error("The image could not be read.", error)
    const name = blob.name ?? _("The image")
    dialog.modal({
      title: _("Image not inserted"),
      body: _("“%1$s” could not be read: %2$s", name, messageOf(error)),
      buttons: { OK: {} },
      notebook: this.notebook as never,
      keyboard_manager: this.keyboard_manager as never,
    })
  }

  override render(): boolean | void {
    const changed = super.render()
    if (!changed) return changed
    if (this.notebook?._draws_later) this._draw_when_near()
    else this._draw_text()
    return changed
  }

  /* Until then stand the words, for the browser's search. */
  _draw_when_near(): void {
    this._forget_waiting()
    const words = make("pre", "fnb-undrawn")
    words.textContent = this.get_text()
    this.set_rendered($(words))
    this._stop_waiting = whenNear(this.element[0] as HTMLElement, () => this._draw_waiting())
  }

  override _draw_waiting(): void {
    if (this._stop_waiting) this._draw_text()
  }

  _forget_waiting(): void {
    this._stop_waiting?.()
    this._stop_waiting = undefined
  }

  _draw_text(): void {
    this._forget_waiting()
    const text = this.get_text() || this.placeholder
    markdown.render(text, { with_math: true, clean_tables: true, sanitize: true }, (error, rendered) => {
      if (error) console.error("The Markdown could not be rendered.", error)
      this._show_rendered(error ? $("<pre>").text(text) : rendered)
    })
  }

  _show_rendered(rendered: JQuery): void {
    const holder = document.createElement("div")
    holder.append(...rendered.get())
    addHeadingAnchors(holder)
    resolveAttachments(holder, this.attachments)
    this.apply_direction()
    this.set_rendered($([...holder.childNodes] as HTMLElement[]))
    this.typeset()
    this.events.trigger("rendered.MarkdownCell", { cell: this })
  }

  /* The rendered text only: the source beside it has the same dollars. */
  override typeset(): void {
    utils.typeset(this.element.find("div.text_cell_render"))
  }
}

export class RawCell extends TextCell {
  static override config_name = "RawCell"
  static override options_default: ClassOptions = {
    cm_config: { mode: "htmlmixed", lineWrapping: true },
    placeholder: _("Raw text for nbconvert: passed on as it is, never rendered here"),
    highlight_modes: { diff: { reg: [/^diff/] } } satisfies HighlightModes,
  }

  override create_element(): void {
    this.cell_type = "raw"
    super.create_element()
    this.set_editor_option("placeholder", this.placeholder)
  }

  override bind_events(): void {
    super.bind_events()
    this.element.on("focusout", () => this.auto_highlight())
  }

  /** Raw text is always shown as it is. */
  override render(): boolean | void {
    const changed = super.render()
    if (!changed) return changed
    this.unrender()
    this.auto_highlight()
    return changed
  }
}

export type { CellOptions }
