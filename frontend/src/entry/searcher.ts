/** A worker that searches. The page ends it when an expression takes too long. */
import { search, type Query } from "../model/search"

interface Request {
  texts: string[]
  query: Query
  replacement: string
}

self.addEventListener("message", (event: MessageEvent<Request>) => {
  const { texts, query, replacement } = event.data
  try {
    self.postMessage({ found: search(texts, query, replacement) })
  } catch (error) {
    self.postMessage({ problem: error instanceof Error ? error.message : String(error) })
  }
})
