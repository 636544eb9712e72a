/** Texts that the code looks up under a name known only at run time. Never imported: it is here to be collected. */
import { mark } from "./words"

/* Buttons of dialogs: `modal({buttons: {Cancel: …}})` names them in English, as extensions do. */
export const BUTTONS = [
  mark("Apply"),
  mark("Back"),
  mark("Cancel"),
  mark("Close"),
  mark("Compare"),
  mark("Continue Running"),
  mark("Continue Without Kernel"),
  mark("Create"),
  mark("Discard"),
  mark("Don't Restart"),
  mark("Edit"),
  mark("Go to the dashboard"),
  mark("Later"),
  mark("Merge"),
  mark("OK"),
  mark("Ok"),
  mark("Open as Text"),
  mark("Overwrite"),
  mark("Reload"),
  mark("Rename"),
  mark("Replace All"),
  mark("Restart"),
  mark("Restart and Clear All Outputs"),
  mark("Restart and Run All Cells"),
  mark("Restore"),
  mark("Revert"),
  mark("Save"),
  mark("Save As"),
  mark("Set Kernel"),
  mark("Show"),
  mark("Shutdown"),
  mark("Start Kernel"),
  mark("Stay"),
  mark("Trust"),
  mark("Try Restarting Now"),
  mark("Try again"),
]

/* Commands without a text of their own are named after their ids. */
export const COMMANDS = [
  mark("paste cell replace"),
  mark("shutdown kernel"),
  mark("confirm shutdown kernel"),
  mark("toggle menubar"),
  mark("show menubar"),
  mark("hide menubar"),
  mark("paste dialog"),
]

/* Cell toolbars. Their names are written into notebooks, so they stay English there. */
export const TOOLBARS = [mark("None"), mark("Edit Metadata"), mark("Raw Cell Format"), mark("Slideshow"), mark("Attachments"), mark("Tags")]

/* Formats to download, as nbconvert names them. */
export const FORMATS = [
  mark("Notebook (.ipynb)"),
  mark("PDF via HTML (.pdf)"),
  mark("PDF via HTML"),
  mark("PDF via LaTeX (.pdf)"),
  mark("PDF via Qt (.pdf)"),
  mark("PNG via Qt (.png)"),
  mark("Reveal.js slides (.slides.html)"),
  mark("Script (txt)"),
]
