/** `services/kernels/serialize`: kernel messages to websocket frames and back. */
import { decode, encode, LEGACY_PROTOCOL } from "../../../kernel/codec"
import type { KernelMessage } from "../../../kernel/messages"

/** The frame of `msg`: by default legacy JSON, binary only where there are buffers. */
export function serialize(msg: KernelMessage, protocol: string = LEGACY_PROTOCOL): string | ArrayBuffer {
  return encode({ ...msg, buffers: msg.buffers ?? [] }, protocol)
}

/** The message in a frame. Rejects with BadFrame. */
export async function deserialize(data: string | ArrayBuffer, protocol: string = LEGACY_PROTOCOL): Promise<KernelMessage> {
  return decode(data, protocol)
}
