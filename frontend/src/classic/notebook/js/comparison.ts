/** Shows two versions of a notebook side by side, cell by cell. */
import $ from "jquery"
import { compare, type ComparedCell, type ComparedRow } from "../../../model/comparing"
import { _, counted } from "../../../i18n/words"

/** Cells that are the same in both are left out, but for so many beside one that is not. */
const AROUND = 1

/** A table of what differs; `names`: what the versions are called. */
export function comparisonTable(mine: readonly ComparedCell[], theirs: readonly ComparedCell[], names: [string, string]): JQuery {
  const rows = compare(mine, theirs)
  const heading = $("<tr/>").append(names.map((name) => $("<th scope='col'/>").text(name)))
  const body = $("<tbody/>").append(shown(rows).flatMap((part) => (typeof part === "number" ? [gap(part)] : [pair(part, names)])))
  const table = $("<table class='comparison'/>").append($("<thead/>").append(heading), body)
  return $("<div/>").append($("<p/>").text(summary(rows)), table)
}

function summary(rows: readonly ComparedRow<ComparedCell>[]): string {
  const count = rows.filter((row) => !row.isSame).length
  if (count === 0) return _("The cells' texts are the same in both. What differs are outputs, or what the notebook and its cells carry as metadata.")
  return counted("%d cell is different.", "%d cells are different.", count)
}

/** The rows to show, and the numbers of those left out between them. */
function shown(rows: readonly ComparedRow<ComparedCell>[]): (ComparedRow<ComparedCell> | number)[] {
  const isNear = (index: number): boolean => rows.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((row) => !row.isSame)
  const parts: (ComparedRow<ComparedCell> | number)[] = []
  rows.forEach((row, index) => {
    const last = parts[parts.length - 1]
    if (isNear(index)) parts.push(row)
    else if (typeof last === "number") parts[parts.length - 1] = last + 1
    else parts.push(1)
  })
  return parts
}

function gap(count: number): JQuery {
  return $("<tr class='comparison-gap'/>").append($("<td colspan='2'/>").text(counted("%d cell that is the same", "%d cells that are the same", count)))
}

function pair(row: ComparedRow<ComparedCell>, names: [string, string]): JQuery {
  const sides = [row.mine, row.theirs].map((cell, index) =>
    $("<td/>")
      .attr("data-version", names[index] ?? "")
      .append(cell ? [$("<span class='comparison-type'/>").text(cell.cell_type), $("<pre/>").text(cell.source)] : $("<em/>").text(_("not there"))),
  )
  return $("<tr/>").toggleClass("comparison-different", !row.isSame).append(sides)
}
