// Lets pages that nbconvert made for MathJax 2 use the MathJax 4 of this server: `mathjax.js?from=<address>`.
(function () {
  const here = new URL(document.currentScript.src);
  const source = new URL(here.searchParams.get("from"), here);
  if (source.origin !== here.origin) return;
  const nothing = function () {};
  window.MathJax = {
    tex: {
      inlineMath: [["$", "$"], ["\\(", "\\)"]],
      displayMath: [["$$", "$$"], ["\\[", "\\]"]],
      processEscapes: true,
      processEnvironments: true,
      tags: "ams",
    },
    loader: { load: ["a11y/assistive-mml"], versionWarnings: false },
    // speech needs a worker, which a sandboxed page may not start
    options: {
      enableMenu: false,
      menuOptions: { settings: { enrich: false, speech: false, braille: false, collapsible: false, assistiveMml: true } },
      enableAssistiveMml: true,
    },
    // what the pages call; MathJax 4 sets formulas by itself when it has loaded
    Hub: { Config: nothing, Queue: nothing, Register: { StartupHook: nothing } },
  };
  const script = document.createElement("script");
  script.src = source.href;
  document.head.appendChild(script);
})();
