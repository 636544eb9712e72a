"""Files for the browser: those of the build and those of nbextensions."""
