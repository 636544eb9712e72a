/** Dialogs are moved by their header, so that one can read what lies behind them. */
import $ from "jquery"

/** How much of the header stays in the window, in px, so that it can be pulled back. */
const REACHABLE_PX = 40

const CONTROLS = "button, input, select, textarea, a"

/** Let `$content` follow the pointer that pulls `$header`. */
export function makeDraggable($content: JQuery, $header: JQuery): void {
  $header.on("mousedown", (event) => {
    if ($(event.target).closest(CONTROLS).length === 0) event.preventDefault() // the focus stays where it is
  })
  $header.on("pointerdown", (down) => {
    const start = down.originalEvent as PointerEvent
    if (start.button !== 0 || $(down.target).closest(CONTROLS).length > 0) return
    const place = ($content[0] as HTMLElement).getBoundingClientRect()
    const left = Number.parseFloat($content.css("left")) || 0
    const top = Number.parseFloat($content.css("top")) || 0
    $header[0]?.setPointerCapture?.(start.pointerId)
    $header.on("pointermove.drag", (move) => {
      const { clientX, clientY } = move.originalEvent as PointerEvent
      const dx = between(clientX - start.clientX, REACHABLE_PX - place.right, window.innerWidth - REACHABLE_PX - place.left)
      const dy = between(clientY - start.clientY, -place.top, window.innerHeight - REACHABLE_PX - place.top)
      $content.css({ left: `${left + dx}px`, top: `${top + dy}px` })
    })
    $header.one("pointerup pointercancel", () => void $header.off("pointermove.drag"))
  })
}

function between(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high))
}
