/** `notebook/js/codemirror-ipython`: the editor mode `ipython`: Python with magics, shell escapes and `?`. */
import CodeMirror from "codemirror"
import "codemirror/mode/python/python"

CodeMirror.defineMode(
  "ipython",
  (config, parser_config) => {
    const python = {
      ...(parser_config as object),
      name: "python",
      version: 3,
      singleOperators: /^[+\-*/%&|@^~<>!?]/,
      identifiers: /^[_A-Za-z\u00A1-\uFFFF][_A-Za-z0-9\u00A1-\uFFFF]*/,
    }
    return CodeMirror.getMode(config, python as CodeMirror.ModeSpec<object>)
  },
  // @ts-expect-error the library takes a third argument: modes that this one needs
  "python",
)

CodeMirror.defineMIME("text/x-ipython", "ipython")
