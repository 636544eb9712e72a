/** The options of a cell: defaults of its classes, what the user configured for them, what the caller gave. */
import $ from "jquery"
import { ConfigWithDefaults, type ConfigSection } from "../../../services/config"
import type { Cell, CellOptions } from "../cell"

type Options = Record<string, unknown>

/* A cell class as the option lookup sees it. */
interface CellClass {
  config_name: string
  options_default: { cm_config?: Options; [name: string]: unknown }
  config_defaults?: Options
}

export const cellOptions = {
  /* The classes of this cell, from the most general one. */
  _class_chain(this: Cell): CellClass[] {
    const chain: CellClass[] = []
    let link: unknown = this.constructor
    while (typeof link === "function" && link !== Function.prototype) {
      if (Object.hasOwn(link, "config_name")) chain.unshift(link as unknown as CellClass)
      link = Object.getPrototypeOf(link)
    }
    return chain
  },

  _make_class_config(this: Cell): ConfigWithDefaults {
    const chain = this._class_chain()
    // by reference, but for the editor's options: what an extension puts into a class's defaults later counts as well
    const defaults = Object.assign({}, ...chain.flatMap((link) => [link.config_defaults ?? {}, link.options_default])) as Options
    defaults["cm_config"] = $.extend(true, {}, ...chain.map((link) => link.options_default.cm_config ?? {}))
    return new ConfigWithDefaults(this.config as ConfigSection, defaults, chain[chain.length - 1]?.config_name ?? "Cell")
  },

  /* Defaults of the classes, then what the user configured for each, then what the caller gave. */
  _make_options(this: Cell, options: CellOptions): { cm_config: Options; [name: string]: unknown } {
    const chain = this._class_chain()
    const configured = chain.map((link) => (this.config.data[link.config_name] ?? {}) as Options)
    const given = options.cm_config ? { cm_config: options.cm_config } : {}
    const defaults = chain.map((link) => ({ ...link.options_default, highlight_modes: undefined })) // looked up when they are needed
    return $.extend(true, { cm_config: {} }, ...defaults, ...configured, given) as {
      cm_config: Options
    }
  },
}
