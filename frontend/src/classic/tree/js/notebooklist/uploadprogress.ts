/** How far an upload is: a bar at the foot of its row, words beside the name, percent on its button. */
import { percentOf } from "../../../../model/transfer"
import type { TellSent } from "../../../../page/sending"
import { TransferView } from "../../../../view/transfer"
import { transferWords } from "../../../base/js/transferwords"
import { _ } from "../../../../i18n/words"

const SHOWN_AFTER_MS = 0

export interface UploadProgress {
  tell: TellSent
  end(): void
}

export function showProgress(item: JQuery<HTMLElement>, $upload: JQuery, name: string): UploadProgress {
  const view = new TransferView(transferWords, _("Uploading %s", name), SHOWN_AFTER_MS)
  item.append(view.element)
  return {
    tell: (sent) => {
      view.update(sent)
      $upload.text(`${percentOf(sent)} %`)
    },
    end: () => {
      view.end()
      view.element.remove()
    },
  }
}
