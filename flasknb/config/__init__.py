"""Options, the one loader that gathers them, and the sections the browser side keeps."""
