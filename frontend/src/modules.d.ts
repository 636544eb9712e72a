/* CodeMirror's modes, addons and keymaps add themselves to CodeMirror; they export nothing. */
declare module "codemirror/mode/*"
declare module "codemirror/addon/*"
declare module "codemirror/keymap/*"
/* Libraries that are only handed on to extensions. */
declare module "backbone"
declare module "jed"
declare module "jquery-ui/dist/jquery-ui.js"
declare module "moment/min/moment-with-locales"
declare module "underscore"
/* Reads message catalogues, for the build and its tests. */
declare module "gettext-parser" {
  interface Message {
    msgid_plural?: string
    msgstr: string[]
  }
  const gettext: { po: { parse(content: Uint8Array): { translations: Record<string, Record<string, Message>> } } }
  export default gettext
}
