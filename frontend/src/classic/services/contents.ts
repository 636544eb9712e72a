/** `services/contents`: the documented `Contents`, over the REST client. Extensions replace its methods. */
import type { CheckpointModel, ContentsModel, GetOptions, MergedNotebook, SaveModel } from "../../contents/models"
import { ContentsClient } from "../../contents/client"
import { requestJson, RequestFailed } from "../../page/requests"
import type { TellSent } from "../../page/sending"
import * as utils from "../base/js/utils"
import type { ConfigSection } from "./config"
import { _ } from "../../i18n/words"

export interface ContentsOptions {
  base_url: string
  common_config?: ConfigSection
}

/** A folder that still has entries was to be deleted. */
export class DirectoryNotEmptyError extends Error {
  override name = "DirectoryNotEmptyError"

  constructor() {
    super(_("A directory must be empty before being deleted."))
  }
}

/* The message is in the reader's language; another contents manager may give no reason, and then speaks English. */
function isNotEmpty(error: RequestFailed): boolean {
  const reason = (error.body as { reason?: unknown } | null)?.reason
  return error.status === 400 && (reason === "not empty" || /not empty/i.test(error.message))
}

/** What extensions read on a failed request, after the shape of a jQuery request. */
export interface ContentsError extends RequestFailed {
  xhr: { status: number; statusText: string; responseJSON: unknown; responseText: string }
  xhr_status: string
  xhr_error: string
}

export class Contents {
  static DirectoryNotEmptyError = DirectoryNotEmptyError
  static DIRECTORY_NOT_EMPTY_ERROR = "DirectoryNotEmptyError"

  base_url: string
  common_config: ConfigSection | undefined

  constructor(options: ContentsOptions) {
    this.base_url = options.base_url
    this.common_config = options.common_config
  }

  /** `api_url("a", "b c")` → the escaped URL of that entry. */
  api_url(...parts: string[]): string {
    return this._client().url(utils.url_path_join(...parts))
  }

  /** An error callback for jQuery's ajax that hands an Error to `callback`. */
  create_basic_error_handler(callback?: (error: Error) => void): (xhr: JQuery.jqXHR, status: string, error: string) => void {
    if (!callback) return utils.log_ajax_error
    return (xhr, status, error) => callback(utils.wrap_ajax_error(xhr, status, error))
  }

  /** With the entry's `hash`, unless only its facts are asked for by `{hash: false}`. */
  get(path: string, options: GetOptions = {}): Promise<ContentsModel> {
    const hash = options.hash ?? options.type !== "directory"
    return surface(this._client().get(path, { ...options, hash }))
  }

  new_untitled(path: string, options: { type?: string; ext?: string } = {}): Promise<ContentsModel> {
    return surface(this._client().createUntitled(path, { type: options.type, ext: options.ext }))
  }

  delete(path: string): Promise<void> {
    return surface(this._client().delete(path)).catch((error: ContentsError) => {
      // Only a folder is refused with 400 when it has entries; other refusals keep their own words.
      throw isNotEmpty(error) ? new DirectoryNotEmptyError() : error
    })
  }

  rename(path: string, new_path: string): Promise<ContentsModel> {
    return surface(this._client().rename(path, new_path))
  }

  trust(path: string): Promise<void> {
    return surface(this._client().trust(path))
  }

  /** Write `model`. With a `hash` in it, a file that changed since is refused with status 409. `tell` hears how much was sent. */
  save(path: string, model: SaveModel, tell?: TellSent): Promise<ContentsModel> {
    return surface(this._client().save(path, model, tell))
  }

  /** Merge notebook `mine` with the file at `path`; `base` is what both came from. Writes nothing. */
  merge(path: string, base: unknown, mine: unknown): Promise<MergedNotebook> {
    return surface(this._client().merge(path, base, mine))
  }

  copy(from_file: string, to_dir: string): Promise<ContentsModel> {
    return surface(this._client().copy(from_file, to_dir))
  }

  create_checkpoint(path: string): Promise<CheckpointModel> {
    return surface(this._client().createCheckpoint(path))
  }

  list_checkpoints(path: string): Promise<CheckpointModel[]> {
    return surface(this._client().listCheckpoints(path))
  }

  restore_checkpoint(path: string, checkpoint_id: string): Promise<void> {
    return surface(this._client().restoreCheckpoint(path, checkpoint_id))
  }

  delete_checkpoint(path: string, checkpoint_id: string): Promise<void> {
    return surface(this._client().deleteCheckpoint(path, checkpoint_id))
  }

  /** The folder's model; its `content` lists the entries. */
  list_contents(path: string): Promise<ContentsModel> {
    return this.get(path, { type: "directory" })
  }

  /** `base_url` is public and may be changed, so the client is made when it is needed. */
  _client(): ContentsClient {
    return new ContentsClient(this.base_url, requestJson)
  }
}

/** Let failures carry the members of the documented ajax error as well. */
function surface<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    if (!(error instanceof RequestFailed)) throw error
    const responseText = typeof error.body === "string" ? error.body : JSON.stringify(error.body)
    const xhr = { status: error.status, statusText: error.reason, responseJSON: error.body, responseText }
    throw Object.assign(error, { xhr, xhr_status: "error", xhr_error: error.reason })
  })
}
