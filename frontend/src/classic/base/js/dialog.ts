/** `base/js/dialog` as extensions know it. */
export { edit_metadata, type EditMetadataOptions } from "./dialog/editmetadata"
export { kernel_modal, modal, type DialogButton, type DialogOptions } from "./dialog/modal"
