/** The modules of the notebook page. */
import CodeMirror from "codemirror"
import * as marked from "marked"
import * as markdown from "../classic/base/js/markdown"
import * as mathjaxutils from "../classic/base/js/mathjaxutils"
import { Jupyter } from "../classic/base/js/namespace"
import * as security from "../classic/base/js/security"
import * as about from "../classic/notebook/js/about"
import * as actions from "../classic/notebook/js/actions"
import * as cell from "../classic/notebook/js/cell"
import * as celltoolbar from "../classic/notebook/js/celltoolbar"
import * as attachmentsPreset from "../classic/notebook/js/celltoolbarpresets/attachments"
import * as defaultPreset from "../classic/notebook/js/celltoolbarpresets/default"
import * as examplePreset from "../classic/notebook/js/celltoolbarpresets/example"
import * as rawcellPreset from "../classic/notebook/js/celltoolbarpresets/rawcell"
import * as slideshowPreset from "../classic/notebook/js/celltoolbarpresets/slideshow"
import * as tagsPreset from "../classic/notebook/js/celltoolbarpresets/tags"
import * as clipboard from "../classic/notebook/js/clipboard"
import * as codecell from "../classic/notebook/js/codecell"
import * as codemirror_ipython from "../classic/notebook/js/codemirror-ipython"
import * as codemirror_ipythongfm from "../classic/notebook/js/codemirror-ipythongfm"
import * as commandpalette from "../classic/notebook/js/commandpalette"
import * as completer from "../classic/notebook/js/completer"
import * as contexthint from "../classic/notebook/js/contexthint"
import * as kernelselector from "../classic/notebook/js/kernelselector"
import * as keyboardmanager from "../classic/notebook/js/keyboardmanager"
import * as main from "../classic/notebook/js/main"
import * as maintoolbar from "../classic/notebook/js/maintoolbar"
import * as menubar from "../classic/notebook/js/menubar"
import * as notebook from "../classic/notebook/js/notebook"
import * as notificationarea from "../classic/notebook/js/notificationarea"
import * as outputarea from "../classic/notebook/js/outputarea"
import * as pager from "../classic/notebook/js/pager"
import * as promises from "../classic/notebook/js/promises"
import * as quickhelp from "../classic/notebook/js/quickhelp"
import * as savewidget from "../classic/notebook/js/savewidget"
import * as scrollmanager from "../classic/notebook/js/scrollmanager"
import * as searchandreplace from "../classic/notebook/js/searchandreplace"
import * as shortcuteditor from "../classic/notebook/js/shortcuteditor"
import * as textcell from "../classic/notebook/js/textcell"
import * as toolbar from "../classic/notebook/js/toolbar"
import * as tooltip from "../classic/notebook/js/tooltip"
import * as tour from "../classic/notebook/js/tour"
import * as comm from "../classic/services/kernels/comm"
import * as kernel from "../classic/services/kernels/kernel"
import * as serialize from "../classic/services/kernels/serialize"
import * as session from "../classic/services/sessions/session"
import { registerModules, showDeprecated, type AmdModules } from "./registry"
import { registerSharedModules } from "./shared"

export const NOTEBOOK_MODULES: AmdModules = {
  "codemirror/lib/codemirror": CodeMirror,
  "components/codemirror/lib/codemirror": CodeMirror,
  "components/marked/lib/marked": marked,
  "base/js/markdown": markdown,
  "base/js/mathjaxutils": mathjaxutils,
  "base/js/security": security,
  "notebook/js/about": about,
  "notebook/js/actions": actions,
  "notebook/js/cell": cell,
  "notebook/js/celltoolbar": celltoolbar,
  "notebook/js/celltoolbarpresets/attachments": attachmentsPreset,
  "notebook/js/celltoolbarpresets/default": defaultPreset,
  "notebook/js/celltoolbarpresets/example": examplePreset,
  "notebook/js/celltoolbarpresets/rawcell": rawcellPreset,
  "notebook/js/celltoolbarpresets/slideshow": slideshowPreset,
  "notebook/js/celltoolbarpresets/tags": tagsPreset,
  "notebook/js/clipboard": clipboard,
  "notebook/js/codecell": codecell,
  "notebook/js/codemirror-ipython": codemirror_ipython,
  "notebook/js/codemirror-ipythongfm": codemirror_ipythongfm,
  "notebook/js/commandpalette": commandpalette,
  "notebook/js/completer": completer,
  "notebook/js/contexthint": contexthint,
  "notebook/js/kernelselector": kernelselector,
  "notebook/js/keyboardmanager": keyboardmanager,
  "notebook/js/main": main,
  "notebook/js/maintoolbar": maintoolbar,
  "notebook/js/mathjaxutils": mathjaxutils,
  "notebook/js/menubar": menubar,
  "notebook/js/notebook": notebook,
  "notebook/js/notificationarea": notificationarea,
  "notebook/js/outputarea": outputarea,
  "notebook/js/pager": pager,
  "notebook/js/promises": promises,
  "notebook/js/quickhelp": quickhelp,
  "notebook/js/savewidget": savewidget,
  "notebook/js/scrollmanager": scrollmanager,
  "notebook/js/searchandreplace": searchandreplace,
  "notebook/js/shortcuteditor": shortcuteditor,
  "notebook/js/textcell": textcell,
  "notebook/js/toolbar": toolbar,
  "notebook/js/tooltip": tooltip,
  "notebook/js/tour": tour,
  "services/kernels/comm": comm,
  "services/kernels/kernel": kernel,
  "services/kernels/serialize": serialize,
  "services/sessions/session": session,
}

/** Everything that an extension of the notebook page may require, and the global `CodeMirror`. */
export function registerNotebookModules(): void {
  registerSharedModules()
  Object.assign(window, { CodeMirror })
  registerModules(NOTEBOOK_MODULES)
  showDeprecated(Jupyter, {
    mathjaxutils: ["base/js/mathjaxutils", mathjaxutils],
    security: ["base/js/security", security],
    Comm: ["services/kernels/comm", comm.Comm],
    CommManager: ["services/kernels/comm", comm.CommManager],
    Kernel: ["services/kernels/kernel", kernel.Kernel],
    Session: ["services/sessions/session", session.Session],
    Cell: ["notebook/js/cell", cell.Cell],
    TextCell: ["notebook/js/textcell", textcell.TextCell],
    MarkdownCell: ["notebook/js/textcell", textcell.MarkdownCell],
    RawCell: ["notebook/js/textcell", textcell.RawCell],
    OutputArea: ["notebook/js/outputarea", outputarea.OutputArea],
    KeyboardManager: ["notebook/js/keyboardmanager", keyboardmanager.KeyboardManager],
    Completer: ["notebook/js/completer", completer.Completer],
    Notebook: ["notebook/js/notebook", notebook.Notebook],
    Tooltip: ["notebook/js/tooltip", tooltip.Tooltip],
    Toolbar: ["notebook/js/toolbar", toolbar.ToolBar],
    SaveWidget: ["notebook/js/savewidget", savewidget.SaveWidget],
    Pager: ["notebook/js/pager", pager.Pager],
    QuickHelp: ["notebook/js/quickhelp", quickhelp.QuickHelp],
    MainToolBar: ["notebook/js/maintoolbar", maintoolbar.MainToolBar],
    NotebookNotificationArea: ["notebook/js/notificationarea", notificationarea.NotebookNotificationArea],
    NotebookTour: ["notebook/js/tour", tour.NotebookTour],
    MenuBar: ["notebook/js/menubar", menubar.MenuBar],
  })
}
