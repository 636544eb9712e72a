/** How a transfer to the server is worded: saves and uploads alike. */
import { isWithServer, megabytes, type Transfer } from "../../../model/transfer"
import { _ } from "../../../i18n/words"

export function transferWords(transfer: Transfer): string {
  const total = megabytes(transfer.totalBytes)
  if (isWithServer(transfer)) return _("%s MB sent, the server is writing", total)
  return _("%1$s of %2$s MB sent", megabytes(transfer.sentBytes), total)
}
