/** The steps of the tour: what is shown and what is said of it. */
import $ from "jquery"
import type { NotebookTour } from "../tour"
import { _ } from "../../../../i18n/words"

export interface TourStep {
  title: string
  text: string
  /** jQuery selectors: the first that finds something is meant; none for a step about the whole page. */
  target?: readonly string[]
  /** Where the card has its place; below the target unless said. */
  side?: "right"
  enter?: (tour: NotebookTour) => void
  leave?: (tour: NotebookTour) => void
}

const INDICATOR = "#kernel_indicator_icon"

/* Only the look changes: the kernel is asked for nothing. */
function lookBusy(is_busy: boolean): void {
  $(INDICATOR).toggleClass("tour-busy", is_busy)
}

const PAGE: TourStep[] = [
  {
    title: _("Welcome to the Notebook Tour"),
    text: _("It takes about two minutes. The arrow keys go back and forth, Escape ends it at any time."),
  },
  {
    title: _("Filename"),
    target: ["#notebook_name"],
    text: _("The name of this notebook's file. Click it to rename the file."),
  },
  {
    title: _("Notebook Menubar"),
    target: ["#menus"],
    text: _("Everything that can be done with the notebook, its cells and its kernel is in these menus."),
  },
  {
    title: _("Notebook Toolbar"),
    target: ["#maintoolbar:visible"],
    text: _("Buttons for what is done most often. Hold the pointer over a button to read what it does."),
  },
]

const MODES: TourStep[] = [
  {
    title: _("Mode Indicator"),
    target: ["#modal_indicator"],
    text: _("The notebook has two modes, Edit Mode and Command Mode. A pencil here says that you are in Edit Mode."),
    enter: (tour) => tour.command_icon_hack(),
  },
  {
    title: _("Command Mode"),
    target: ["#modal_indicator"],
    text: _("Without the pencil you are in Command Mode: single keys run, move, copy and delete whole cells."),
    enter: (tour) => tour.command_icon_hack(),
  },
  {
    title: _("Edit Mode"),
    target: ["#modal_indicator"],
    text: _("With the pencil you are in Edit Mode: what you type goes into the selected cell. Enter, or a click into a cell, leads here."),
    enter: (tour) => tour.edit_mode(),
    leave: (tour) => tour.command_mode(),
  },
  {
    title: _("Edit Mode"),
    target: [".cell.selected"],
    text: _("The border of the cell that you edit is green, and the cursor is in it."),
    enter: (tour) => tour.edit_mode(),
    leave: (tour) => tour.command_mode(),
  },
  {
    title: _("Back to Command Mode"),
    target: [".cell.selected"],
    text: _("Escape, or Shift-Enter to run the cell, leads back to Command Mode. The selected cell then has a blue bar."),
    enter: (tour) => tour.command_mode(),
  },
  {
    title: _("Keyboard Shortcuts"),
    target: ["#keyboard_shortcuts:visible", "#menus"],
    side: "right",
    text: _("Help → Keyboard Shortcuts lists every key. Below it you can give commands keys of your own."),
    enter: () => void $("#help_menu").parent().addClass("open").find("#keyboard_shortcuts").addClass("pulse"),
    leave: () => void $("#help_menu").parent().removeClass("open").find("#keyboard_shortcuts").removeClass("pulse"),
  },
]

const KERNEL: TourStep[] = [
  {
    title: _("Kernel Indicator"),
    target: [INDICATOR],
    text: _("The kernel is the program that runs your code. An empty circle says that it waits for something to do."),
  },
  {
    title: _("Kernel Indicator"),
    target: [INDICATOR],
    text: _("A full circle says that the kernel is at work."),
    enter: () => lookBusy(true),
    leave: () => lookBusy(false),
  },
  {
    title: _("Interrupting the Kernel"),
    target: ["#run_int .fa-stop:visible", "#int_kernel:visible"],
    text: _("When code takes too long, this button stops it. What ran before is kept."),
  },
  {
    title: _("Notification Area"),
    target: ["#notification_kernel:visible", "#notification_area"],
    text: _("Messages about saving, connecting, interrupting and the like appear here for a moment."),
  },
  {
    title: _("Fin."),
    text: _("That is the end of the tour. Have fun with the notebook!"),
  },
]

export const STEPS: readonly TourStep[] = [...PAGE, ...MODES, ...KERNEL]
