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
    options: { enableMenu: false },
    // what the pages call; MathJax 4 sets formulas by itself when it has loaded
    Hub: { Config: nothing, Queue: nothing, Register: { StartupHook: nothing } },
  };
  const script = document.createElement("script");
  script.src = source.href;
  document.head.appendChild(script);
})();
