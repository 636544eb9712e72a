/** The steps of the tour: what is shown and what is said of it. */
import $ from "jquery"
import type { NotebookTour } from "../tour"

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
    title: "Welcome to the Notebook Tour",
    text: "It takes about two minutes. The arrow keys go back and forth, Escape ends it at any time.",
  },
  {
    title: "Filename",
    target: ["#notebook_name"],
    text: "The name of this notebook's file. Click it to rename the file.",
  },
  {
    title: "Notebook Menubar",
    target: ["#menus"],
    text: "Everything that can be done with the notebook, its cells and its kernel is in these menus.",
  },
  {
    title: "Notebook Toolbar",
    target: ["#maintoolbar:visible"],
    text: "Buttons for what is done most often. Hold the pointer over a button to read what it does.",
  },
]

const MODES: TourStep[] = [
  {
    title: "Mode Indicator",
    target: ["#modal_indicator"],
    text: "The notebook has two modes, Edit Mode and Command Mode. A pencil here says that you are in Edit Mode.",
    enter: (tour) => tour.command_icon_hack(),
  },
  {
    title: "Command Mode",
    target: ["#modal_indicator"],
    text: "Without the pencil you are in Command Mode: single keys run, move, copy and delete whole cells.",
    enter: (tour) => tour.command_icon_hack(),
  },
  {
    title: "Edit Mode",
    target: ["#modal_indicator"],
    text: "With the pencil you are in Edit Mode: what you type goes into the selected cell. Enter, or a click into a cell, leads here.",
    enter: (tour) => tour.edit_mode(),
    leave: (tour) => tour.command_mode(),
  },
  {
    title: "Edit Mode",
    target: [".cell.selected"],
    text: "The border of the cell that you edit is green, and the cursor is in it.",
    enter: (tour) => tour.edit_mode(),
    leave: (tour) => tour.command_mode(),
  },
  {
    title: "Back to Command Mode",
    target: [".cell.selected"],
    text: "Escape, or Shift-Enter to run the cell, leads back to Command Mode. The selected cell then has a blue bar.",
    enter: (tour) => tour.command_mode(),
  },
  {
    title: "Keyboard Shortcuts",
    target: ["#keyboard_shortcuts:visible", "#menus"],
    side: "right",
    text: "Help → Keyboard Shortcuts lists every key. Below it you can give commands keys of your own.",
    enter: () => void $("#help_menu").parent().addClass("open").find("#keyboard_shortcuts").addClass("pulse"),
    leave: () => void $("#help_menu").parent().removeClass("open").find("#keyboard_shortcuts").removeClass("pulse"),
  },
]

const KERNEL: TourStep[] = [
  {
    title: "Kernel Indicator",
    target: [INDICATOR],
    text: "The kernel is the program that runs your code. An empty circle says that it waits for something to do.",
  },
  {
    title: "Kernel Indicator",
    target: [INDICATOR],
    text: "A full circle says that the kernel is at work.",
    enter: () => lookBusy(true),
    leave: () => lookBusy(false),
  },
  {
    title: "Interrupting the Kernel",
    target: ["#run_int .fa-stop:visible", "#int_kernel:visible"],
    text: "When code takes too long, this button stops it. What ran before is kept.",
  },
  {
    title: "Notification Area",
    target: ["#notification_kernel:visible", "#notification_area"],
    text: "Messages about saving, connecting, interrupting and the like appear here for a moment.",
  },
  {
    title: "Fin.",
    text: "That is the end of the tour. Have fun with the notebook!",
  },
]

export const STEPS: readonly TourStep[] = [...PAGE, ...MODES, ...KERNEL]
