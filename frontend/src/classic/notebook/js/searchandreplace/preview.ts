/** What Find and Replace would do, as text with marks. */
import $ from "jquery"
import { CROWDED_LINE, MOST_PREVIEWS, type Found, type Preview } from "../../../../model/search"
import { _, counted } from "../../../../i18n/words"

const NOTHING = _("No matches, invalid or empty regular expression")

function line(preview: Preview): JQuery {
  const $match = $("<span class='match'></span>").text(preview.match)
  const $insert = $("<span class='insert'></span>").text(preview.insert)
  if (preview.insert !== "") $match.addClass("replace")
  return $("<pre></pre>").append(document.createTextNode(preview.before), $match, $insert, document.createTextNode(preview.after))
}

function status(text: string): JQuery {
  return $("<p role='status' class='replace-count'></p>").text(text)
}

/** Say that there is nothing, and why where that is known. */
export function nothingFound($place: JQuery, why = ""): void {
  const $status = status(NOTHING)
  if (why) $("<span class='replace-problem'></span>").text(why).appendTo($status.append($("<br>")))
  $place.empty().append($status)
}

/** Show the finds: how many, then each with its surroundings. */
export function showFound($place: JQuery, found: Found): void {
  if (found.count === 0) return nothingFound($place)
  $place.empty().append(status(counted("%d match", "%d matches", found.count)))
  if (found.is_crowded) {
    $("<div class='alert alert-warning'></div>").text(_("There are more than %s matches on one line.", CROWDED_LINE)).appendTo($place)
  }
  $place.append(...found.previews.map(line))
  const more = found.count - found.previews.length
  if (more > 0) $place.append($("<p></p>").text(_("Only the first %1$s are shown here; %2$s more will be replaced, too.", MOST_PREVIEWS, more)))
}
