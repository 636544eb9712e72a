/** `header.md` and `footer.md` of a folder: shown rendered, as the first and the last row of its list. */
import $ from "jquery"
import type { ContentsModel } from "../../../../contents/models"
import * as utils from "../../../base/js/utils"
import type { NotebookList } from "../notebooklist"

/* What is longer is no introduction to a folder, and would have to be fetched and rendered before anything can be done. */
const MAX_BYTES = 500_000
const PLACES = { "header.md": "first", "footer.md": "last" } as const
type Place = (typeof PLACES)[keyof typeof PLACES]
const FROM_HERE = /^(?![a-z][a-z\d+.-]*:|[/#?])./i

/** Links and pictures are told from the folder in which the text lies, not from the page's address. */
function lead_from(folder: string, base_url: string, rendered: JQuery): void {
  const lead = (selector: string, attribute: string, view: string): void => {
    for (const element of rendered.find(selector).addBack(selector)) {
      const told = element.getAttribute(attribute) ?? ""
      if (FROM_HERE.test(told)) element.setAttribute(attribute, utils.url_path_join(base_url, view, utils.encode_uri_components(folder), told))
    }
  }
  lead("a[href]", "href", "tree")
  lead("img[src]", "src", "files")
}

export const readme = {
  /** Fetch what `list` has of them; the rows come when they are there. */
  _add_readmes(this: NotebookList, list: ContentsModel): void {
    for (const entry of (list.content ?? []) as ContentsModel[]) {
      const place = (PLACES as Record<string, Place>)[entry.name]
      if (place && entry.type === "file" && (entry.size ?? 0) <= MAX_BYTES) void this._add_readme(entry.path, place, this._drawn)
    }
  },

  async _add_readme(this: NotebookList, path: string, place: Place, drawn: string): Promise<void> {
    try {
      const [model, { render }] = await Promise.all([this.contents.get(path, { type: "file", format: "text" }), import("../../../base/js/markdown")])
      render(String(model.content ?? ""), { with_math: false, sanitize: true }, (error, rendered) => {
        if (error) throw error
        if (this._drawn !== drawn) return
        lead_from(this.notebook_path, this.base_url, rendered)
        this._place_readme(rendered, place)
      })
    } catch (error) {
      console.warn(`${path} could not be shown`, error)
    }
  },

  _place_readme(this: NotebookList, rendered: JQuery, place: Place): void {
    const text = $<HTMLElement>("<div class='col-md-12 rendered_html'></div>").append(rendered)
    const row = $<HTMLElement>("<div class='list_item row readme'></div>").addClass(`is-${place}`).append(text)
    if (place === "first") this.element.children(".list_header").after(row)
    else this.element.append(row)
  },
}
