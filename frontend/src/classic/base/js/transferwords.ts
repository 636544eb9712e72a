/** How a transfer to the server is worded: saves and uploads alike. */
import { isWithServer, megabytes, type Transfer } from "../../../model/transfer"
import { i18n } from "./i18n"

export function transferWords(transfer: Transfer): string {
  const total = megabytes(transfer.totalBytes)
  if (isWithServer(transfer)) return i18n.msg.sprintf(i18n.msg._("%s MB sent, the server is writing"), total)
  return i18n.msg.sprintf(i18n.msg._("%s of %s MB sent"), megabytes(transfer.sentBytes), total)
}
