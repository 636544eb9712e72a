/** `services/kernels/comm`: named two-way channels between page and kernel, on which widgets live. */
import type { Buffer, KernelMessage } from "../../../kernel/messages"
import * as utils from "../../base/js/utils"
import type { KernelCallbacks } from "./callbacks"
import type { Kernel } from "./kernel"

export type CommTarget = (comm: Comm, msg: KernelMessage) => unknown
export type CommCallback = (msg: KernelMessage) => unknown
type CommData = Record<string, unknown>

export class CommManager {
  kernel: Kernel | null
  comms: Record<string, Promise<Comm>>
  targets: Record<string, CommTarget>

  constructor(kernel?: Kernel) {
    this.kernel = null
    this.comms = {}
    this.targets = {}
    if (kernel) this.init_kernel(kernel)
  }

  init_kernel(kernel: Kernel): void {
    this.kernel = kernel
    kernel.register_iopub_handler("comm_open", (msg) => this.comm_open(msg))
    kernel.register_iopub_handler("comm_close", (msg) => this.comm_close(msg))
    kernel.register_iopub_handler("comm_msg", (msg) => this.comm_msg(msg))
  }

  /** Open a comm to the kernel's `target_name`. */
  new_comm(target_name: string, data?: CommData, callbacks?: KernelCallbacks, metadata?: CommData, comm_id?: string, buffers?: Buffer[]): Comm {
    const comm = new Comm(target_name, comm_id)
    this.register_comm(comm)
    comm.open(data, callbacks, metadata, buffers)
    return comm
  }

  register_target(target_name: string, f: CommTarget): void {
    this.targets[target_name] = f
  }

  unregister_target(target_name: string, _f?: CommTarget): void {
    delete this.targets[target_name]
  }

  register_comm(comm: Comm): string {
    this.comms[comm.comm_id] = Promise.resolve(comm)
    comm.kernel = this.kernel
    return comm.comm_id
  }

  unregister_comm(comm: Comm): void {
    delete this.comms[comm.comm_id]
  }

  /** The kernel opens a comm. Messages that follow wait until its target is found. */
  comm_open(msg: KernelMessage): Promise<Comm | undefined> {
    const { comm_id, target_name, target_module } = msg.content as { comm_id: string; target_name: string; target_module?: string }
    const opening = utils.load_class(target_name, target_module, this.targets).then((target: unknown) => {
      const comm = new Comm(target_name, comm_id)
      comm.kernel = this.kernel
      return this._start_target(comm, target as CommTarget, msg)
    })
    this.comms[comm_id] = opening
    return opening.catch((error: unknown) => {
      console.error(`Comm target ${target_name} could not open comm ${comm_id}`, error)
      delete this.comms[comm_id]
      const refused = new Comm(target_name, comm_id)
      refused.kernel = this.kernel
      refused.close() // tells the kernel that nobody listens
      return undefined
    })
  }

  async _start_target(comm: Comm, target: CommTarget, msg: KernelMessage): Promise<Comm> {
    await target(comm, msg)
    return comm
  }

  comm_close(msg: KernelMessage): Promise<void> | undefined {
    const comm_id = msg.content.comm_id as string
    const opened = this.comms[comm_id]
    if (!opened) return undefined // closed from both ends at once
    delete this.comms[comm_id]
    return opened.then((comm) => comm.handle_close(msg)).then(() => undefined, (error: unknown) => {
      console.error("Exception handling comm close", error, msg)
    })
  }

  comm_msg(msg: KernelMessage): Promise<void> | undefined {
    const opened = this.comms[msg.content.comm_id as string]
    if (!opened) return undefined
    return opened.then((comm) => comm.handle_msg(msg)).then(() => undefined, (error: unknown) => {
      console.error("Exception handling comm msg", error, msg)
    })
  }
}

export class Comm {
  target_name: string
  comm_id: string
  kernel: Kernel | null
  _msg_callback: CommCallback | null
  _close_callback: CommCallback | null

  constructor(target_name: string, comm_id?: string) {
    this.target_name = target_name
    this.comm_id = comm_id || utils.uuid()
    this.kernel = null
    this._msg_callback = null
    this._close_callback = null
  }

  open(data?: CommData, callbacks?: KernelCallbacks, metadata?: CommData, buffers?: Buffer[]): string {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data: data ?? {} }
    return this._kernel().send_shell_message("comm_open", content, callbacks, metadata, buffers)
  }

  send(data?: CommData, callbacks?: KernelCallbacks, metadata?: CommData, buffers?: Buffer[]): string {
    const content = { comm_id: this.comm_id, data: data ?? {} }
    return this._kernel().send_shell_message("comm_msg", content, callbacks, metadata, buffers)
  }

  close(data?: CommData, callbacks?: KernelCallbacks, metadata?: CommData, buffers?: Buffer[]): string {
    const content = { comm_id: this.comm_id, data: data ?? {} }
    return this._kernel().send_shell_message("comm_close", content, callbacks, metadata, buffers)
  }

  _kernel(): Kernel {
    if (!this.kernel) throw new Error(`Comm ${this.comm_id} of ${this.target_name} is not registered with a kernel`)
    return this.kernel
  }

  _register_callback(key: "msg" | "close", callback: CommCallback): void {
    if (key === "msg") this._msg_callback = callback
    else this._close_callback = callback
  }

  on_msg(callback: CommCallback): void {
    this._register_callback("msg", callback)
  }

  on_close(callback: CommCallback): void {
    this._register_callback("close", callback)
  }

  /** Whatever the callback returns; a promise makes the next messages of this comm wait. */
  _callback(key: "msg" | "close", msg: KernelMessage): unknown {
    const callback = key === "msg" ? this._msg_callback : this._close_callback
    if (!callback) return undefined
    try {
      return callback(msg)
    } catch (error) {
      console.error(`Exception in Comm ${key} callback`, error, msg)
      return undefined
    }
  }

  handle_msg(msg: KernelMessage): unknown {
    return this._callback("msg", msg)
  }

  handle_close(msg: KernelMessage): unknown {
    return this._callback("close", msg)
  }
}
