/** What a file of some name and type can be: viewed, edited, opened as a notebook. Knows models, no DOM. */
import type { ContentsModel } from "../../../../contents/models"
import * as utils from "../../../base/js/utils"

export type Entry = Pick<ContentsModel, "name" | "path" | "type"> & Partial<ContentsModel>

const VIEWABLE_EXTENSIONS = new Set(
  "htm html xhtml xml mht mhtml 3gp avi mov mp4 m4v m4a mp3 mkv ogv ogm ogg oga webm wav bmp gif jpg jpeg png webp ico".split(" "),
)

/** MIME types besides `text/*` that the text editor takes. */
export const EDIT_MIMETYPES = [
  "application/javascript",
  "application/json",
  "application/sql",
  "application/toml",
  "application/x-httpd-php",
  "application/x-ipynb+json",
  "application/x-perl",
  "application/x-sh",
  "application/x-tex",
  "application/xml",
  "application/yaml",
  "application/x-yaml",
  "image/svg+xml",
]

function extensionOf(name: string): string {
  return utils.splitext(name)[1].slice(1).toLowerCase()
}

export function isNotebook(entry: Entry): boolean {
  return entry.type === "notebook" || (entry.type === "file" && extensionOf(entry.name) === "ipynb")
}

export function isEditable(entry: Entry): boolean {
  if (entry.type === "directory") return false
  return !entry.mimetype || entry.mimetype.startsWith("text/") || EDIT_MIMETYPES.includes(entry.mimetype)
}

export function isViewable(entry: Entry): boolean {
  return VIEWABLE_EXTENSIONS.has(extensionOf(entry.name)) || entry.mimetype === "text/html"
}

export function isPdf(entry: Entry): boolean {
  return entry.mimetype === "application/pdf" || extensionOf(entry.name) === "pdf"
}
