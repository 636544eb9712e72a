/**
 * Drafts in the browser's own database, for when the page ends before a save. A browser that keeps nothing (private mode,
 * full disk) costs the drafts, and nothing else.
 */
import { createStore, delMany, entries, set, type UseStore } from "idb-keyval"
import type { Draft } from "../model/draft"

/** Older drafts are thrown away: nobody comes back for them. */
const KEPT_MS = 30 * 24 * 3600 * 1000
const LOCK = "flasknb-page "
const BETWEEN = "\n"

export interface FoundDraft {
  key: string
  draft: Draft
}

/** The part of `navigator.locks` that tells which pages live; a page without https has none. */
export type Locks = Pick<LockManager, "request" | "query">

export class DraftStore {
  private readonly database: UseStore | undefined
  private readonly page = crypto.getRandomValues(new Uint32Array(2)).join("-")
  private hasFailed = false

  /** `home` tells servers, mounts and users of one address apart: the base URL, and the user's name where there is one. */
  constructor(
    private readonly home: string,
    private readonly locks: Locks | undefined = globalThis.navigator?.locks,
  ) {
    this.database = typeof indexedDB === "undefined" ? undefined : createStore("flasknb-drafts", "drafts")
    /* Held as long as this page lives: others leave its draft alone. */
    this.locks?.request(LOCK + this.page, () => new Promise(() => undefined)).catch(() => undefined)
  }

  async keep(draft: Draft): Promise<void> {
    await this.attempt((database) => set(this.keyOf(draft.path), draft, database))
  }

  /** Forget this page's draft of `path`. */
  async drop(path: string): Promise<void> {
    await this.forget([this.keyOf(path)])
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.attempt((database) => delMany([...keys], database))
  }

  /** Drafts of `path` that pages left behind, the newest first. */
  async left(path: string, now_ms: number = Date.now()): Promise<FoundDraft[]> {
    const all = (await this.attempt((database) => entries<string, Draft>(database))) ?? []
    const living = await this.livingPages()
    const isOld = ([, draft]: [string, Draft]): boolean => !(now_ms - draft.at_ms < KEPT_MS)
    await this.forget(all.filter(isOld).map(([key]) => key))
    return all
      .filter((entry) => !isOld(entry))
      .map(([key, draft]) => ({ key, draft, place: key.split(BETWEEN) }))
      .filter(({ place }) => place[0] === this.home && place[1] === path && !living.has(place[2] ?? ""))
      .sort((one, other) => other.draft.at_ms - one.draft.at_ms)
  }

  private keyOf(path: string): string {
    return [this.home, path, this.page].join(BETWEEN)
  }

  private async livingPages(): Promise<Set<string>> {
    const held = (await this.locks?.query().catch(() => undefined))?.held ?? []
    return new Set([this.page, ...held.map(({ name }) => name ?? "").filter((name) => name.startsWith(LOCK)).map((name) => name.slice(LOCK.length))])
  }

  private async attempt<T>(act: (database: UseStore) => Promise<T>): Promise<T | undefined> {
    if (!this.database || this.hasFailed) return undefined
    try {
      return await act(this.database)
    } catch (error) {
      this.hasFailed = true // it would fail at every key
      console.warn("This browser keeps no drafts of unsaved changes:", error)
      return undefined
    }
  }
}
