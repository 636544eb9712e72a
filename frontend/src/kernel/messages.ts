/** The shape of one kernel message, as the Jupyter messaging protocol names its fields. Knows no bytes and no socket. */

export type Channel = "shell" | "iopub" | "stdin" | "control"

export interface MessageHeader {
  msg_id: string
  msg_type: string
  session: string
  username: string
  version: string
  date?: string
}

export interface KernelMessage {
  channel: Channel
  header: MessageHeader
  /** Empty for messages that nobody asked for. */
  parent_header: Partial<MessageHeader>
  metadata: Record<string, unknown>
  content: Record<string, unknown>
  buffers: DataView[]
  /** Repeated from the header, where the classic interface looks for them. */
  msg_id: string
  msg_type: string
}

/** What a sender may hand over as a buffer. */
export type Buffer = ArrayBuffer | ArrayBufferView
