/** One question to a worker script beside this one, within a time limit. Knows nothing of what is asked. */

/** The worker did not answer in time and was ended. */
import { _ } from "../i18n/words"

export class TookTooLong extends Error {
  constructor(limit_ms: number) {
    super(_("no answer within %s s", limit_ms / 1000))
  }
}

/** The question was taken back before the answer came. */
export class Superseded extends Error {}

export class TimedWorker<Question, Answer> {
  private worker: Worker | null = null
  private refuse: (reason: Error) => void = () => undefined

  /** `file`: the script's name in the folder of this one. */
  constructor(private readonly file: string) {}

  /** Ask. An earlier question that is still open is refused with `Superseded`, a slow one with `TookTooLong`. */
  ask(question: Question, limit_ms: number): Promise<Answer> {
    this.stop()
    const address = new URL(this.file, new URL("./", import.meta.url)).href
    const worker = new Worker(address, { type: "module" })
    this.worker = worker
    return new Promise<Answer>((resolve, reject) => {
      this.refuse = reject
      const timer = setTimeout(() => this.end(new TookTooLong(limit_ms)), limit_ms)
      worker.addEventListener("message", (event: MessageEvent<Answer>) => {
        clearTimeout(timer)
        resolve(event.data)
        worker.terminate()
      })
      worker.addEventListener("error", (event) => {
        clearTimeout(timer)
        reject(new Error(event.message || _("the search could not be started")))
      })
      worker.postMessage(question)
    })
  }

  /** End what is running. */
  stop(): void {
    this.end(new Superseded())
  }

  private end(reason: Error): void {
    this.worker?.terminate()
    this.worker = null
    this.refuse(reason)
    this.refuse = () => undefined
  }
}
