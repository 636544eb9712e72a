/** `services/config`: sections of the user's configuration, kept on the server. */
import * as utils from "../base/js/utils"
import { jsonRequest } from "./jsonrequest"

// Sections hold whatever the page and extensions put there.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ConfigData = Record<string, any>

/* The page's head asks for the same address, so it has no argument against caches: the answer itself forbids them. */
const AS_PRELOADED: JQuery.AjaxSettings = { type: "GET", dataType: "json" }

export class ConfigSection {
  section_name: string
  base_url: string
  data: ConfigData
  /** Resolves after the first load. */
  loaded: Promise<void>
  _one_load_finished: boolean
  _finish_firstload!: () => void
  /** Patches that the server has not taken yet, oldest first. */
  _unsent: ConfigData[]
  /** Settles with the newest update. */
  _last_update: Promise<unknown>

  constructor(section_name: string, options: { base_url: string }) {
    this.section_name = section_name
    this.base_url = options.base_url
    this.data = {}
    this._one_load_finished = false
    this._unsent = []
    this._last_update = Promise.resolve()
    this.loaded = new Promise((resolve) => {
      this._finish_firstload = resolve
    })
  }

  api_url(): string {
    return utils.url_path_join(this.base_url, "api/config", utils.encode_uri_components(this.section_name))
  }

  _load_done(): void {
    if (this._one_load_finished) return
    this._one_load_finished = true
    this._finish_firstload()
  }

  /** Read the section. When the server cannot answer, what is known stays and the page goes on. */
  async load(): Promise<ConfigData> {
    try {
      this.data = await utils.promising_ajax<ConfigData>(this.api_url(), AS_PRELOADED)
    } catch (error) {
      console.warn(`The configuration section ${this.section_name} could not be read; defaults are used.`, error)
    }
    this._load_done()
    return this.data
  }

  /** Merge `newdata` here at once, then on the server; null removes a key. Updates reach the server in their order. */
  update(newdata: ConfigData): Promise<ConfigData> {
    merge(this.data, newdata)
    const before = this._unsent.length > 0 ? this._last_update : undefined
    this._unsent.push(newdata)
    const sent = this._send_update(newdata, before)
    this._last_update = sent.catch(() => undefined)
    return sent
  }

  async _send_update(newdata: ConfigData, before: Promise<unknown> | undefined): Promise<ConfigData> {
    try {
      if (before) await before
      const answer = await utils.promising_ajax<ConfigData>(this.api_url(), jsonRequest("PATCH", newdata))
      this.data = this._unsent.slice(1).reduce(merge, answer)
      return this.data
    } finally {
      this._unsent.shift()
    }
  }
}

export class ConfigWithDefaults {
  section: ConfigSection
  defaults: ConfigData
  classname: string | undefined

  constructor(section: ConfigSection, defaults: ConfigData = {}, classname?: string) {
    this.section = section
    this.defaults = defaults
    this.classname = classname
  }

  _class_data(): ConfigData {
    if (!this.classname) return this.section.data
    return (this.section.data[this.classname] ??= {}) as ConfigData
  }

  /** The value once the section was loaded. */
  async get(key?: string): Promise<unknown> {
    await this.section.loaded
    return this.get_sync(key)
  }

  /** The value now. Objects are laid over their default; without a key, all values are. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  get_sync(key?: string): any {
    const own = this._class_data()
    if (key === undefined) return merge(merge({}, this.defaults), own)
    const fallback: unknown = this.defaults[key]
    const value: unknown = own[key]
    if (isPlain(value) && isPlain(fallback)) return merge(merge({}, fallback), value)
    return value ?? fallback
  }

  /** Store the value; undefined or null goes back to the default. */
  set(key: string, value: unknown): Promise<ConfigData> {
    const patch: ConfigData = { [key]: value ?? null }
    return this.section.update(this.classname ? { [this.classname]: patch } : patch)
  }
}

function isPlain(value: unknown): value is ConfigData {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Lay `patch` over `target`, as the server does: objects merge, null deletes, everything else replaces. */
function merge(target: ConfigData, patch: ConfigData): ConfigData {
  for (const [key, value] of Object.entries(patch)) {
    if (key === "__proto__") continue
    if (value === null) delete target[key]
    else if (isPlain(value)) target[key] = merge(isPlain(target[key]) ? target[key] : {}, value)
    else target[key] = value as unknown
  }
  return target
}
