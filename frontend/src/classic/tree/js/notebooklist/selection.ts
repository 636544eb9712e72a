/** Which actions fit what is selected. Pure. */
import type { EntryType } from "../../../../contents/models"

export interface SelectedEntry {
  name: string
  path: string
  type: EntryType
}

export type Action = "duplicate" | "rename" | "move" | "download" | "shutdown" | "view" | "edit" | "delete"

export const ACTIONS: readonly Action[] = ["duplicate", "rename", "move", "download", "shutdown", "view", "edit", "delete"]

/** The actions whose buttons show for `selected`, where `isRunning` tells of a path whether it has a kernel. */
export function possibleActions(selected: readonly SelectedEntry[], isRunning: (path: string) => boolean): Set<Action> {
  if (selected.length === 0) return new Set()
  const hasFolder = selected.some((entry) => entry.type === "directory")
  const hasFile = selected.some((entry) => entry.type === "file")
  const hasRunning = selected.some((entry) => entry.type === "notebook" && isRunning(entry.path))
  const possible: Record<Action, boolean> = {
    duplicate: !hasFolder,
    rename: selected.length === 1 && !hasRunning,
    move: !hasRunning,
    download: !hasRunning && !hasFolder,
    shutdown: hasRunning && !hasFile && !hasFolder,
    view: !hasFolder,
    edit: !hasFolder,
    delete: true,
  }
  return new Set(ACTIONS.filter((action) => possible[action]))
}

export type SelectionType =
  | "select-all"
  | "select-none"
  | "select-folders"
  | "select-notebooks"
  | "select-running-notebooks"
  | "select-files"

/** Whether `entry` belongs to what `selection` names. */
export function isWanted(selection: SelectionType, entry: SelectedEntry, isRunning: boolean): boolean {
  switch (selection) {
    case "select-all":
      return true
    case "select-none":
      return false
    case "select-folders":
      return entry.type === "directory"
    case "select-notebooks":
      return entry.type === "notebook"
    case "select-running-notebooks":
      return entry.type === "notebook" && isRunning
    case "select-files":
      return entry.type === "file"
  }
}
