/** URL and path arithmetic of `base/js/utils`. API paths are `a/b.ipynb`, unescaped, without a leading slash. */
import { bodyData } from "../../../../page/bodydata"

/** Join parts with single slashes; doubled ones inside collapse, a scheme's `//` stays. */
export function url_path_join(...parts: string[]): string {
  const joined = parts.reduce((url, part) => {
    if (!part) return url
    return url === "" || url.endsWith("/") ? url + part : `${url}/${part}`
  }, "")
  return joined.replace(/^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is, (_all, scheme: string | undefined, rest: string) => {
    return (scheme ?? "") + rest.replace(/\/{2,}/g, "/")
  })
}

/** `"a/b/c"` → `["a/b", "c"]`. */
export function url_path_split(path: string): [string, string] {
  const at = path.lastIndexOf("/")
  return at === -1 ? ["", path] : [path.slice(0, at), path.slice(at + 1)]
}

/** Escape every segment of a path, keep its slashes. */
export function encode_uri_components(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/")
}

/** Join, then escape each segment. */
export function url_join_encode(...parts: string[]): string {
  return encode_uri_components(url_path_join(...parts))
}

/** An anchor whose `hostname`, `pathname`, `search` … tell the parts of `url`. */
export function parse_url(url: string): HTMLAnchorElement {
  const anchor = document.createElement("a")
  anchor.href = url
  return anchor
}

/** `"a.b.py"` → `["a.b", ".py"]`; a leading dot starts no extension. */
export function splitext(filename: string): [string, string] {
  const at = filename.lastIndexOf(".")
  return at > 0 ? [filename.slice(0, at), filename.slice(at)] : [filename, ""]
}

/** The value of `name` in the page's query, or undefined. */
export function get_url_param(name: string): string | undefined {
  return new URLSearchParams(window.location.search).get(name) ?? undefined
}

/** What the server wrote on `<body>` for the page; `key` as `baseUrl` or `base-url`. Undefined when absent. */
export function get_body_data(key: string): string | undefined {
  return bodyData(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
}
