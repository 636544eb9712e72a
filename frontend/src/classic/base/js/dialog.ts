/** `base/js/dialog` as extensions know it. */
export { edit_attachments, type EditAttachmentsOptions } from "./dialog/editattachments"
export { edit_metadata, type EditMetadataOptions } from "./dialog/editmetadata"
export { insert_image, type InsertImageOptions } from "./dialog/insertimage"
export { kernel_modal, modal, type DialogButton, type DialogOptions } from "./dialog/modal"
