/** Actions on the kernel. */
import type { BuiltInTable } from "./action"
import { _ } from "../../../../i18n/words"

export const KERNEL_ACTIONS: BuiltInTable = {
  "shutdown-kernel": {
    help: _("shut the kernel down (no confirmation dialog)"),
    handler: (env) => env.notebook.shutdown_kernel({ confirm: false }),
  },
  "confirm-shutdown-kernel": {
    help: _("shut the kernel down (with confirmation dialog)"),
    icon: "fa-repeat",
    help_index: "hb",
    handler: (env) => env.notebook.shutdown_kernel(),
  },
  "restart-kernel": {
    cmd: _("restart kernel"),
    help: _("restart the kernel (no confirmation dialog)"),
    handler: (env) => env.notebook.restart_kernel({ confirm: false }),
  },
  "confirm-restart-kernel": {
    cmd: _("confirm restart kernel"),
    help: _("restart the kernel (with dialog)"),
    icon: "fa-repeat",
    help_index: "hb",
    handler: (env) => env.notebook.restart_kernel(),
  },
  "restart-kernel-and-run-all-cells": {
    cmd: _("restart kernel and run all cells"),
    help: _("restart the kernel, then re-run the whole notebook (no confirmation dialog)"),
    handler: (env) => env.notebook.restart_run_all({ confirm: false }),
  },
  "confirm-restart-kernel-and-run-all-cells": {
    cmd: _("confirm restart kernel and run all cells"),
    help: _("restart the kernel, then re-run the whole notebook (with dialog)"),
    icon: "fa-forward",
    handler: (env) => env.notebook.restart_run_all(),
  },
  "restart-kernel-and-clear-output": {
    cmd: _("restart kernel and clear output"),
    help: _("restart the kernel and clear all output (no confirmation dialog)"),
    handler: (env) => env.notebook.restart_clear_output({ confirm: false }),
  },
  "confirm-restart-kernel-and-clear-output": {
    cmd: _("confirm restart kernel and clear output"),
    help: _("restart the kernel and clear all output (with dialog)"),
    handler: (env) => env.notebook.restart_clear_output(),
  },
  "interrupt-kernel": {
    cmd: _("interrupt the kernel"),
    help: _("interrupt the kernel"),
    icon: "fa-stop",
    help_index: "ha",
    handler: (env) => env.notebook.kernel?.interrupt(),
  },
  "close-and-halt": {
    cmd: _("shutdown kernel and close window"),
    help: _("shutdown kernel and close window"),
    handler: (env) => env.notebook.close_and_halt(),
  },
}
