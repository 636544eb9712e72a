"""Between the web workers and the sidecar that owns the kernels. README.md beside this file is the map."""
