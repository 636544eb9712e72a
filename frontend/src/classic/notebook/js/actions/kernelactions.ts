/** Actions on the kernel. */
import type { BuiltInTable } from "./action"

export const KERNEL_ACTIONS: BuiltInTable = {
  "shutdown-kernel": {
    help: "shut the kernel down (no confirmation dialog)",
    handler: (env) => env.notebook.shutdown_kernel({ confirm: false }),
  },
  "confirm-shutdown-kernel": {
    help: "shut the kernel down (with confirmation dialog)",
    icon: "fa-repeat",
    help_index: "hb",
    handler: (env) => env.notebook.shutdown_kernel(),
  },
  "restart-kernel": {
    cmd: "restart kernel",
    help: "restart the kernel (no confirmation dialog)",
    handler: (env) => env.notebook.restart_kernel({ confirm: false }),
  },
  "confirm-restart-kernel": {
    cmd: "confirm restart kernel",
    help: "restart the kernel (with dialog)",
    icon: "fa-repeat",
    help_index: "hb",
    handler: (env) => env.notebook.restart_kernel(),
  },
  "restart-kernel-and-run-all-cells": {
    cmd: "restart kernel and run all cells",
    help: "restart the kernel, then re-run the whole notebook (no confirmation dialog)",
    handler: (env) => env.notebook.restart_run_all({ confirm: false }),
  },
  "confirm-restart-kernel-and-run-all-cells": {
    cmd: "confirm restart kernel and run all cells",
    help: "restart the kernel, then re-run the whole notebook (with dialog)",
    icon: "fa-forward",
    handler: (env) => env.notebook.restart_run_all(),
  },
  "restart-kernel-and-clear-output": {
    cmd: "restart kernel and clear output",
    help: "restart the kernel and clear all output (no confirmation dialog)",
    handler: (env) => env.notebook.restart_clear_output({ confirm: false }),
  },
  "confirm-restart-kernel-and-clear-output": {
    cmd: "confirm restart kernel and clear output",
    help: "restart the kernel and clear all output (with dialog)",
    handler: (env) => env.notebook.restart_clear_output(),
  },
  "interrupt-kernel": {
    cmd: "interrupt the kernel",
    help: "interrupt the kernel",
    icon: "fa-stop",
    help_index: "ha",
    handler: (env) => env.notebook.kernel?.interrupt(),
  },
  "close-and-halt": {
    cmd: "shutdown kernel and close window",
    help: "shutdown kernel and close window",
    handler: (env) => env.notebook.close_and_halt(),
  },
}
