/** Loads nbextensions, and classes by name, through the page's AMD loader. */
import { isInstalledName } from "./modulenames"

interface ExtensionModule {
  load_ipython_extension?: () => unknown
}

/** The part of a config section that the loader reads. */
export interface ExtensionSection {
  section_name: string
  data: { load_extensions?: Record<string, unknown> }
  loaded: Promise<unknown>
}

const begun = new Map<string, Promise<unknown>>()

function requireModule<T>(id: string): Promise<T> {
  return new Promise((resolve, reject) => {
    window.requirejs([id], (module: T) => resolve(module), reject)
  })
}

function requireInstalled(name: unknown): void {
  if (!isInstalledName(name)) throw new Error(`“${String(name)}” is not the name of an installed module`)
}

async function start(path: string): Promise<unknown> {
  requireInstalled(path)
  const module = await requireModule<ExtensionModule | undefined>(`nbextensions/${path}`)
  if (typeof module?.load_ipython_extension === "function") await module.load_ipython_extension()
  return module
}

/** Load `nbextensions/<path>` and run its `load_ipython_extension`. Once per page; a failure is logged and rejects. */
export function load_extension(path: string): Promise<unknown> {
  const running = begun.get(path)
  if (running) return running
  const loading = start(path)
  begun.set(path, loading)
  loading.then(
    () => console.log("Loaded extension:", path),
    (error: unknown) => console.error("Could not load extension:", path, error),
  )
  return loading
}

/** Load an optional module of the user's (`custom/custom`); a broken one is logged, and the page goes on. Never rejects. */
export function load_optional(id: string): Promise<void> {
  return requireModule<unknown>(id).then(
    () => undefined,
    (error: unknown) => console.error(`${id} could not be loaded:`, error),
  )
}

/** Load the user's `custom-preload`. Where the server knows of none, nothing waits for its answer. */
export async function load_custom_preload(): Promise<void> {
  if (document.body.dataset["customPreload"] !== "none") await load_optional("custom-preload")
}

/** Load the user's own modules around the building of a page. */
export async function between_user_modules(build: () => void): Promise<void> {
  await load_custom_preload()
  build()
  void load_optional("custom/custom")
}

/** Load several; resolves when all are done, failed ones included. */
export function load_extensions(...paths: string[]): Promise<unknown> {
  return Promise.allSettled(paths.map((path) => load_extension(path)))
}

/** Whether the extension's module has been loaded. */
export function is_loaded(path: string): boolean {
  return window.requirejs.defined(`nbextensions/${path}`)
}

/** The paths whose value is truthy. */
export function filter_extensions(wanted: Record<string, unknown>): string[] {
  return Object.keys(wanted).filter((path) => wanted[path])
}

/** Libraries that extensions use (`_`, `.draggable()`) without requiring them. Only pages with extensions load them. */
const UNASKED_LIBRARIES = ["underscore", "jqueryui"]
/** Extensions that require all they use. This one comes with us, and nobody is to pay for what it does not use. */
const MODEST_EXTENSIONS = ["nbdime/index"]

/** Load what the section's `load_extensions` switches on. */
export async function load_extensions_from_config(section: ExtensionSection): Promise<void> {
  await section.loaded
  const wanted = filter_extensions(section.data.load_extensions ?? {})
  if (wanted.length === 0) return
  if (wanted.some((path) => !MODEST_EXTENSIONS.includes(path))) await Promise.all(UNASKED_LIBRARIES.map((id) => load_optional(id)))
  await load_extensions(...wanted)
}

/** The class called `name` from `registry`, or exported by the installed AMD module `module_name`. Rejects when neither has it. */
export async function load_class<T>(name: string, module_name?: string, registry?: Record<string, T>): Promise<T> {
  if (!module_name) {
    const known = registry && Object.hasOwn(registry, name) ? registry[name] : undefined
    if (known) return known
    throw new Error(`Class ${name} not found in registry`)
  }
  requireInstalled(module_name)
  const module = await requireModule<Record<string, T>>(module_name)
  const found = module[name]
  if (found === undefined) throw new Error(`Class ${name} not found in module ${module_name}`)
  return found
}
