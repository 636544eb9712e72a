/** Shortcuts as a tree of steps: a leaf is an action's name, a node is the start of longer sequences. Pure. */

export type Tree = { [step: string]: Tree | string }

/** What lies at `steps`: an action name, a subtree, or null. */
export function lookUp(steps: readonly string[], tree: Tree): Tree | string | null {
  let at: Tree | string = tree
  for (const step of steps) {
    if (typeof at === "string" || !Object.hasOwn(at, step)) return null
    at = at[step] as Tree | string
  }
  return at
}

/** Whether `steps` is free: nothing there, and no shorter shortcut in the way. */
export function isFree(steps: readonly string[], tree: Tree): boolean {
  return lookUp(steps, tree) === null && !steps.some((_step, at) => typeof lookUp(steps.slice(0, at), tree) === "string")
}

/** Put `name` at `steps`. False, and nothing changes, when a shorter shortcut is in the way. */
export function plant(steps: readonly string[], name: string, tree: Tree): boolean {
  const [step, ...rest] = steps
  if (step === undefined) return false
  if (rest.length === 0) {
    if (typeof tree[step] === "object") console.warn(`Shortcut ${step} takes the place of longer ones that begin with it`)
    tree[step] = name
    return true
  }
  const next = Object.hasOwn(tree, step) ? tree[step] : undefined
  if (typeof next === "string") return false
  const branch: Tree = next ?? {}
  if (!plant(rest, name, branch)) return false
  tree[step] = branch
  return true
}

/**
 * Take the leaf at `steps` away, with the nodes that it leaves empty; with `allowsNode` also all shortcuts that begin so.
 * Throws when there is nothing.
 */
export function uproot(steps: readonly string[], tree: Tree, allowsNode = false): void {
  const [step, ...rest] = steps
  const next = step !== undefined && Object.hasOwn(tree, step) ? tree[step] : undefined
  if (step === undefined || next === undefined) throw new Error("no such shortcut")
  if (rest.length === 0) {
    if (typeof next !== "string" && !allowsNode) throw new Error(`${step} only begins longer shortcuts`)
    delete tree[step]
    return
  }
  if (typeof next === "string") throw new Error(`${step} is a shortcut by itself`)
  uproot(rest, next, allowsNode)
  if (Object.keys(next).length === 0) delete tree[step]
}

/** Every shortcut with its action's name. */
export function leaves(tree: Tree, before: readonly string[] = []): { shortcut: string; action: string }[] {
  return Object.entries(tree).flatMap(([step, next]) => {
    const steps = [...before, step]
    return typeof next === "string" ? [{ shortcut: steps.join(","), action: next }] : leaves(next, steps)
  })
}
