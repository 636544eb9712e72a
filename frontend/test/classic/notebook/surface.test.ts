// @vitest-environment jsdom
/// <reference types="vite/client" />
import { expect, test } from "vitest"
import { Notebook } from "../../../src/classic/notebook/js/notebook"

/** The documented methods. */
const METHODS = `
validate_config create_elements bind_events show_command_palette show_shortcuts_editor warn_nbformat_minor set_dirty scroll_to_cell scroll_cell_percent scroll_to_bottom scroll_to_top
edit_metadata get_cell_elements get_cell_element get_msg_cell ncells get_cells get_cell get_next_cell toggle_all_line_numbers
apply_directionality get_prev_cell find_cell_index index_or_selected get_selected_cells get_selected_cells_indices get_selected_cell
is_valid_cell_index get_anchor_index get_selected_index extend_selection_by update_soft_selection select_all _contract_selection select
select_next select_prev get_edit_index handle_command_mode command_mode handle_edit_mode edit_mode ensure_focused focus_cell
move_selection_up move_selection_down move_cell_up move_cell_down _unsafe_delete_cell delete_cells delete_cell undelete_cell
insert_cell_at_index _insert_element_at_index insert_cell_above insert_cell_below insert_cell_at_bottom transfer_to_new_cell cells_to_code
to_code cells_to_markdown to_markdown cells_to_raw to_raw _warn_heading to_heading enable_paste disable_paste cut_cell copy_cell
paste_cell_replace paste_cell_above paste_cell_below render_cell_output split_cell merge_cells merge_selected_cells merge_cell_above
merge_cell_below insert_image cut_cell_attachments copy_cell_attachments paste_cell_attachments disable_attachments_paste
enable_attachments_paste set_insert_image_enabled collapse_output collapse_all_output expand_output expand_all_output clear_output
clear_cells_outputs clear_all_output scroll_output scroll_all_output toggle_output toggle_cells_outputs toggle_all_output
toggle_output_scroll toggle_cells_outputs_scroll toggle_all_output_scroll cell_toggle_line_numbers _dispatch_mode set_codemirror_mode
start_session _session_started _session_start_failed restart_run_all restart_clear_output shutdown_kernel restart_kernel _restart_kernel
close_and_halt execute_cells execute_selected_cells execute_cell execute_cell_and_insert_below execute_cell_and_select_below
execute_cells_below execute_cells_above execute_all_cells execute_cell_range get_notebook_name set_notebook_name test_notebook_name
fromJSON toJSON set_autosave_interval save_notebook save_notebook_success save_notebook_as _update_autosave_interval trust_notebook
copy_notebook ensure_extension rename delete load_notebook load_notebook_success set_kernelselector load_notebook_error save_checkpoint
add_checkpoint list_checkpoints list_checkpoints_success create_checkpoint create_checkpoint_success restore_checkpoint_dialog
restore_checkpoint restore_checkpoint_success delete_checkpoint delete_checkpoint_success`.trim().split(/\s+/)

test("every documented method is the prototype's own and can be replaced", () => {
  const missing = METHODS.filter((name) => {
    const property = Object.getOwnPropertyDescriptor(Notebook.prototype, name)
    return typeof property?.value !== "function" || !property.writable
  })
  expect(missing).toEqual([])
})

test("no part overwrites a method of another part", () => {
  const parts = import.meta.glob("../../../src/classic/notebook/js/notebook/*.ts", { eager: true }) as Record<string, Record<string, unknown>>
  const names = Object.values(parts).flatMap((module) => {
    return Object.values(module).flatMap((part) => (typeof part === "object" && part !== null ? Object.keys(part) : []))
  })
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test("line numbers, header and toolbar are accessors", () => {
  const accessors = ["line_numbers", "header", "toolbar"].map((name) => typeof Object.getOwnPropertyDescriptor(Notebook.prototype, name)?.set)
  expect(accessors).toEqual(["function", "function", "function"])
})
