/** The outline of the notebook: its table of contents, and sections that can be folded. */
import { TableOfContents } from "./outline/contents"
import { Sections } from "./outline/sections"
import type { Notebook } from "./notebook"

export class Outline {
  sections: Sections
  contents: TableOfContents

  constructor(notebook: Notebook) {
    this.sections = new Sections(notebook)
    this.contents = new TableOfContents(notebook, this.sections)
  }
}
