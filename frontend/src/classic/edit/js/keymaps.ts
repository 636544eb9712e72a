/** Key maps of CodeMirror, each loaded when it is chosen. */

const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  sublime: () => import("codemirror/keymap/sublime"),
  vim: () => import("codemirror/keymap/vim"),
  emacs: () => import("codemirror/keymap/emacs"),
}

/** Resolves when `name` can be set as `keyMap`. */
export async function loadKeymap(name: string): Promise<void> {
  await LOADERS[name]?.()
}
