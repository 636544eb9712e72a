/* CodeMirror's modes, addons and keymaps add themselves to CodeMirror; they export nothing. */
declare module "codemirror/mode/*"
declare module "codemirror/addon/*"
declare module "codemirror/keymap/*"
