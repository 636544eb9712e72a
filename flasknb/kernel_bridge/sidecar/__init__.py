"""The process that owns kernels and sessions. Plain asyncio; never patched, never imports Flask or gevent."""
