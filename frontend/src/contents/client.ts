/** REST client of `api/contents`. Knows URLs and models; how a request travels is its caller's business. */
import type { TellSent } from "../page/sending"
import type { CheckpointModel, ContentsModel, GetOptions, MergedNotebook, SaveModel } from "./models"

/** Ask `url`, answer with the parsed body; throws where the server refuses. `tell` hears how much of the body was sent. */
export type SendRequest = (method: string, url: string, body?: unknown, tell?: TellSent) => Promise<unknown>

export interface NewEntry {
  type?: string
  ext?: string
}

export class ContentsClient {
  /** `baseUrl` begins and ends with a slash. */
  constructor(
    private readonly baseUrl: string,
    private readonly send: SendRequest,
  ) {}

  /** URL of an entry, or of something below it: `url("a b", "checkpoints")`. */
  url(apiPath: string, ...below: string[]): string {
    const segments = [...apiPath.split("/"), ...below].filter((segment) => segment !== "")
    return [`${this.baseUrl}api/contents`, ...segments.map(encodeURIComponent)].join("/")
  }

  async get(apiPath: string, options: GetOptions = {}): Promise<ContentsModel> {
    const query = new URLSearchParams()
    if (options.type) query.set("type", options.type)
    if (options.format) query.set("format", options.format)
    if (options.content === false) query.set("content", "0")
    if (options.hash) query.set("hash", "1")
    const suffix = query.size > 0 ? `?${query}` : ""
    return (await this.send("GET", this.url(apiPath) + suffix)) as ContentsModel
  }

  /** A new, empty entry with a free name in `folder`. */
  async createUntitled(folder: string, entry: NewEntry): Promise<ContentsModel> {
    return (await this.send("POST", this.url(folder), entry)) as ContentsModel
  }

  async copy(fromPath: string, folder: string): Promise<ContentsModel> {
    return (await this.send("POST", this.url(folder), { copy_from: fromPath })) as ContentsModel
  }

  /** Write an entry. The answer tells the new `hash`. */
  async save(apiPath: string, model: SaveModel, tell?: TellSent): Promise<ContentsModel> {
    return (await this.send("PUT", `${this.url(apiPath)}?hash=1`, model, tell)) as ContentsModel
  }

  async rename(apiPath: string, newPath: string): Promise<ContentsModel> {
    return (await this.send("PATCH", this.url(apiPath), { path: newPath })) as ContentsModel
  }

  async delete(apiPath: string): Promise<void> {
    await this.send("DELETE", this.url(apiPath))
  }

  async trust(apiPath: string): Promise<void> {
    await this.send("POST", this.url(apiPath, "trust"))
  }

  /** Merge notebook `mine` with the file; `base` is what both came from. Writes nothing. */
  async merge(apiPath: string, base: unknown, mine: unknown): Promise<MergedNotebook> {
    return (await this.send("POST", this.url(apiPath, "merge"), { base, mine })) as MergedNotebook
  }

  async createCheckpoint(apiPath: string): Promise<CheckpointModel> {
    return (await this.send("POST", this.url(apiPath, "checkpoints"))) as CheckpointModel
  }

  async listCheckpoints(apiPath: string): Promise<CheckpointModel[]> {
    return (await this.send("GET", this.url(apiPath, "checkpoints"))) as CheckpointModel[]
  }

  async restoreCheckpoint(apiPath: string, checkpointId: string): Promise<void> {
    await this.send("POST", this.url(apiPath, "checkpoints", checkpointId))
  }

  async deleteCheckpoint(apiPath: string, checkpointId: string): Promise<void> {
    await this.send("DELETE", this.url(apiPath, "checkpoints", checkpointId))
  }
}
