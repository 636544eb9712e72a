/** The `Jupyter` object: what a page hands to extensions and to the console. Knows no page. */

/* Extensions hang their own members on it and read whatever a page put there. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type JupyterNamespace = { version: string; _target: string } & Record<string, any>

/** One per page. The page's entry adds its members (`notebook`, `toolbar`, …). `version` is the classic line that we follow. */
export const Jupyter: JupyterNamespace = {
  version: "1.3.3",
  _target: "_blank",
}
