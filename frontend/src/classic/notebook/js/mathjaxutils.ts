/** `notebook/js/mathjaxutils`: the old name of `base/js/mathjaxutils`. */
export * from "../../base/js/mathjaxutils"
