/** Files, folders and notebooks as `api/contents` shows them. Field names are the wire's. */

import type { NotebookJson } from "../model/notebook"

export type EntryType = "directory" | "file" | "notebook"

export interface ContentsModel {
  name: string
  path: string
  type: EntryType
  writable: boolean
  created: string
  last_modified: string
  /** Bytes; null for folders. */
  size: number | null
  mimetype: string | null
  format: "json" | "text" | "base64" | null
  content: unknown
  hash?: string | null
  hash_algorithm?: string | null
  /** Why a notebook failed validation. */
  message?: string
}

/** What a save sends. `hash` is the version that the editor read: another one on disk is a 409. */
export interface SaveModel {
  type: EntryType
  format?: "json" | "text" | "base64" | null
  content?: unknown
  name?: string
  path?: string
  hash?: string | null
  /** Part of a large upload: 1, 2, …, and -1 for the last. */
  chunk?: number
  /** The same in all parts of one upload, so that two of one name do not mix. */
  upload?: string
}

/** What a merge answers. `conflicts`: cells that stand there because both versions of one stay. */
export interface MergedNotebook {
  merged: NotebookJson
  conflicts: { index: number; id: string | null; version: string }[]
  /** The file without outputs: the base of the next merge. */
  base: unknown
  theirs_hash: string | null
}

export interface CheckpointModel {
  id: string
  last_modified: string
}

export interface GetOptions {
  type?: string
  format?: string
  content?: boolean
  hash?: boolean
}
