/** A request that tells how much of it has been sent. */

/** How far a request has got. When all was sent, the server works: a save writes its file. */
export interface Sent {
  sentBytes: number
  totalBytes: number
}

export type TellSent = (sent: Sent) => void

export interface Outgoing {
  method: string
  url: string
  headers: Record<string, string>
  body: string | Blob | undefined
  timeoutMs: number
}

export interface Answer {
  ok: boolean
  status: number
  statusText: string
  text: string
}

/** Rejects with a DOMException, `TimeoutError` where the answer took too long. */
export function sendAndTell({ method, url, headers, body, timeoutMs }: Outgoing, tell: TellSent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.timeout = timeoutMs
    request.upload.onprogress = (event) => tell({ sentBytes: event.loaded, totalBytes: event.total })
    request.upload.onload = (event) => tell({ sentBytes: event.total, totalBytes: event.total })
    request.onload = () => {
      const { status, statusText, responseText } = request
      resolve({ ok: status >= 200 && status < 300, status, statusText, text: responseText })
    }
    request.onerror = () => reject(new DOMException("The connection failed", "NetworkError"))
    request.onabort = request.onerror
    request.ontimeout = () => reject(new DOMException("No answer in time", "TimeoutError"))
    request.send(body)
  })
}
