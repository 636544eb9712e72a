import { defineConfig } from "vitest/config"

export default defineConfig({
  // What build.mjs knows and the sources do not.
  define: {
    BUILD_ID: JSON.stringify("test"),
    CODEMIRROR_FOLDER: JSON.stringify("codemirror-test"),
    JQUERY_UI_FOLDER: JSON.stringify("jquery-ui-test"),
    SEARCHER_FILE: JSON.stringify("searcher-test.js"),
    MATHJAX_FOLDER: JSON.stringify("mathjax-test"),
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 10_000,
  },
})
