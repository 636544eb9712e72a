/** How far an upload is: a bar at the foot of its row, words beside the name, percent on its button. */
import { percentOf } from "../../../../model/transfer"
import type { TellSent } from "../../../../page/sending"
import { TransferView } from "../../../../view/transfer"
import { i18n } from "../../../base/js/i18n"
import { transferWords } from "../../../base/js/transferwords"

const SHOWN_AFTER_MS = 0

export interface UploadProgress {
  tell: TellSent
  end(): void
}

export function showProgress(item: JQuery<HTMLElement>, $upload: JQuery, name: string): UploadProgress {
  const view = new TransferView(transferWords, i18n.msg.sprintf(i18n.msg._("Uploading %s"), name), SHOWN_AFTER_MS)
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
