/** `edit/js/editor`: one text file in a CodeMirror: reading, saving with a precondition, language, options. */
import $ from "jquery"
import CodeMirror from "codemirror"
import "codemirror/mode/meta"
import "codemirror/addon/comment/comment"
import "./searchdialogs"
import "codemirror/addon/edit/closebrackets"
import "codemirror/addon/edit/matchbrackets"
import "codemirror/addon/scroll/annotatescrollbar"
import "codemirror/addon/search/matchesonscrollbar"
import "codemirror/addon/search/search"
import "codemirror/addon/search/searchcursor"
import type { ContentsModel } from "../../../contents/models"
import { messageOf } from "../../../model/errors"
import { events, type EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import type { ConfigSection } from "../../services/config"
import type { Contents } from "../../services/contents"
import { followLines } from "../../../view/long_lines"
import { isConflict, resolveConflict } from "./conflict"
import { loadKeymap } from "./keymaps"
import type { EditorNotificationArea } from "./notificationarea"
import { _ } from "../../../i18n/words"

export interface ModeInfo {
  name: string
  mode: string
  mime?: string
  mimes?: string[]
}

export interface EditorOptions {
  contents: Contents
  events?: EventBus
  base_url: string
  file_path: string
  config: ConfigSection
  file_extension_modes?: Record<string, string>
}

interface Modes {
  modeInfo: ModeInfo[]
  findModeByName(name: string): ModeInfo | undefined
  findModeByExtension(extension: string): ModeInfo | undefined
  findModeByFileName(name: string): ModeInfo | undefined
  findModeByMIME(mime: string): ModeInfo | undefined
}

/** What `codemirror/mode/meta` adds. */
export const modes = CodeMirror as unknown as Modes

export type CodeMirrorOptions = CodeMirror.EditorConfiguration & { vimMode?: boolean; search?: { bottom: boolean } }

const PLAIN_TEXT: ModeInfo = { name: "Plain Text", mode: "null", mime: "text/plain" }

export class Editor {
  static default_codemirror_options: CodeMirrorOptions = {
    indentUnit: 4,
    theme: "ipython",
    lineNumbers: true,
    lineWrapping: true,
    matchBrackets: true,
    search: { bottom: true }, // at the top it would cover the first line
    extraKeys: {
      "Cmd-Right": "goLineRight",
      End: "goLineRight",
      "Cmd-Left": "goLineLeft",
      Tab: "indentMore",
      "Shift-Tab": "indentLess",
      "Cmd-Alt-[": "indentAuto",
      "Ctrl-Alt-[": "indentAuto",
      "Cmd-/": "toggleComment",
      "Ctrl-/": "toggleComment",
    },
  }

  selector: string
  clean: boolean
  contents: Contents
  events: EventBus
  base_url: string
  file_path: string
  config: ConfigSection
  file_extension_modes: Record<string, string>
  codemirror: CodeMirror.Editor
  save_enabled: boolean
  generation: number
  last_modified: Date | null
  /** Hash of the file as it was read or saved last: what a save expects to find. */
  hash: string | null
  notification_area: EditorNotificationArea | null
  _saving: Promise<unknown>

  constructor(selector: string, options: EditorOptions) {
    this.selector = selector
    this.clean = true
    this.contents = options.contents
    this.events = options.events ?? events
    this.base_url = options.base_url
    this.file_path = options.file_path
    this.config = options.config
    this.file_extension_modes = options.file_extension_modes ?? {}
    this.codemirror = CodeMirror($(selector)[0]!, { ...Editor.default_codemirror_options, readOnly: true })
    followLines(this.codemirror)
    this.codemirror.getInputField().setAttribute("aria-label", _("File content"))
    this.save_enabled = false
    this.generation = -1
    this.last_modified = null
    this.hash = null
    this.notification_area = null
    this._saving = Promise.resolve()
    this.codemirror.on("changes", () => this._clean_state())
    void this.config.loaded.then(() => this._apply_config())
  }

  /** What the user chose earlier: options, and languages by file extension. */
  _apply_config(): void {
    const own = this.config.data.Editor as { codemirror_options?: CodeMirrorOptions; file_extension_modes?: Record<string, string> } | undefined
    Object.assign(this.file_extension_modes, own?.file_extension_modes)
    if (own?.codemirror_options) this._set_codemirror_options(own.codemirror_options)
    this.events.trigger("config_changed.Editor", { config: this.config })
  }

  /** Read the file. One that is no text is refused by the server: its reason is shown and nothing can be saved over it. */
  async load(): Promise<void> {
    try {
      const [model] = await Promise.all([this.contents.get(this.file_path, { type: "file", format: "text" }), this.config.loaded])
      this._show_content(String(model.content ?? ""))
      this._remember(model)
      this.save_enabled = true
      this.codemirror.setOption("readOnly", model.writable === false)
      this._set_mode_for_model(model)
      this.events.trigger("file_loaded.Editor", model)
    } catch (error) {
      this._show_load_error(error)
    }
  }

  /** CodeMirror would turn all line ends into `\n`: a file keeps the ones that it has. */
  _show_content(text: string): void {
    const is_windows = text.includes("\r\n") && !/[^\r]\n|^\n|\r(?!\n)/.test(text)
    const separator = is_windows ? "\r\n" : text.includes("\r") ? "\n" : undefined
    this.codemirror.setOption("lineSeparator", separator)
    this.codemirror.setValue(text)
    this.codemirror.clearHistory()
  }

  _show_load_error(error: unknown): void {
    console.error("The file could not be loaded", error)
    this.save_enabled = false
    const why = messageOf(error)
    this.codemirror.setValue(_("Error! %s\nSaving disabled.\nSee Console for more details.", why))
    this.codemirror.setOption("readOnly", true)
    this.generation = this.codemirror.changeGeneration(true)
    this._clean_state()
    this.events.trigger("file_load_failed.Editor", error as Error)
  }

  /** The disk now holds what the editor shows. */
  _remember(model: ContentsModel, generation = this.codemirror.changeGeneration(true)): void {
    this.generation = generation
    this.hash = model.hash ?? null
    this.last_modified = new Date(model.last_modified)
    this._clean_state()
  }

  // Language

  /** The user's choice for this extension, then what the name, the extension or the type tell. */
  _set_mode_for_model(model: Pick<ContentsModel, "name" | "mimetype">): void {
    const chosen = this.file_extension_modes[this._get_file_extension()]
    const info =
      (chosen && modes.findModeByName(chosen)) ||
      modes.findModeByFileName(model.name) ||
      modes.findModeByExtension(this._get_file_extension().slice(1)) ||
      (model.mimetype && modes.findModeByMIME(model.mimetype)) ||
      PLAIN_TEXT
    this.set_codemirror_mode(info)
  }

  set_codemirror_mode(modeinfo: ModeInfo): void {
    const done = (spec: unknown): void => {
      this.codemirror.setOption("mode", spec as string)
      this.events.trigger("mode_changed.Editor", modeinfo)
    }
    if (modeinfo.mode === "null") return done("text/plain")
    utils.requireCodeMirrorMode(modeinfo.mode, () => done(modeinfo.mime ?? modeinfo.mimes?.[0] ?? modeinfo.mode), (error) => {
      console.error(`The language ${modeinfo.name} could not be loaded`, error)
      done("text/plain")
    })
  }

  /** Use `modeinfo` for every file with this extension from now on. */
  save_codemirror_mode(modeinfo: ModeInfo): void {
    const extension = this._get_file_extension()
    this.file_extension_modes[extension] = modeinfo.name
    void this._persist({ file_extension_modes: { [extension]: modeinfo.name } })
    this.set_codemirror_mode(modeinfo)
  }

  // Name

  get_filename(): string {
    return utils.url_path_split(this.file_path)[1]
  }

  /** With its dot: `.py`. */
  _get_file_extension(): string {
    return utils.splitext(this.get_filename())[1]
  }

  /** Rename within the folder. Rejects where the server refuses. */
  async rename(new_name: string): Promise<void> {
    const folder = utils.url_path_split(this.file_path)[0]
    const model = await this.contents.rename(this.file_path, utils.url_path_join(folder, new_name))
    this.file_path = model.path
    this.events.trigger("file_renamed.Editor", model)
    this._set_mode_for_model(model)
    this._clean_state()
  }

  // Saving

  /** Save, one after the other. With `check_last_modified` a file that changed on disk meanwhile is not overwritten. */
  save(check_last_modified = true): Promise<void> {
    if (!this.save_enabled) {
      console.log("Not saving, save disabled")
      return Promise.resolve()
    }
    const next = this._saving.then(() => this._save_now(check_last_modified))
    this._saving = next
    return next
  }

  async _save_now(check_last_modified: boolean): Promise<void> {
    const generation = this.codemirror.changeGeneration(true)
    const hash = check_last_modified ? this.hash : null
    this.events.trigger("file_saving.Editor")
    try {
      const content = this.codemirror.getValue()
      const file = { path: this.file_path, type: "file" as const, format: "text" as const, content, ...(hash ? { hash } : {}) }
      const model = await this.contents.save(this.file_path, file, (sent) => this.events.trigger("file_save_progress.Editor", sent))
      this._remember(model, generation)
      this.events.trigger("file_saved.Editor", model)
    } catch (error) {
      console.error("The file was not saved", error)
      this.events.trigger("file_save_failed.Editor", error as Error)
      if (isConflict(error)) resolveConflict(this)
    }
  }

  _clean_state(): void {
    const clean = this.codemirror.isClean(this.generation)
    if (clean === this.clean) return
    this.clean = clean
    this.events.trigger(clean ? "save_status_clean.Editor" : "save_status_dirty.Editor")
  }

  // Options

  _set_codemirror_options(options: CodeMirrorOptions): void {
    const { vimMode: _vimMode, keyMap, ...rest } = options
    for (const [name, value] of Object.entries(rest)) {
      this.codemirror.setOption(name as keyof CodeMirror.EditorConfiguration, value as never)
    }
    if (keyMap) void loadKeymap(keyMap).then(() => this.codemirror.setOption("keyMap", keyMap))
  }

  /** Change options now and for every file opened later. */
  async update_codemirror_options(options: CodeMirrorOptions): Promise<void> {
    this._set_codemirror_options(options)
    await this._persist({ codemirror_options: options })
    this.events.trigger("config_changed.Editor", { config: this.config })
  }

  async _persist(part: Record<string, unknown>): Promise<void> {
    try {
      await this.config.update({ Editor: part })
    } catch (error) {
      console.warn("The editor's options could not be stored; they hold until the page is left.", error)
    }
  }
}
