/** What may be done to a cell. */
import type { Cell } from "../cell"

export const permissions = {
  is_splittable(this: Cell): boolean {
    return this.is_deletable()
  },

  is_mergeable(this: Cell): boolean {
    return this.is_deletable() && this.is_editable()
  },

  is_editable(this: Cell): boolean {
    return this.metadata["editable"] !== false
  },

  /** What cannot be edited cannot be deleted either. */
  is_deletable(this: Cell): boolean {
    return this.metadata["deletable"] !== false && this.is_editable()
  },
}
