"""Limits of conversions. Declares; ``processes`` and ``worker`` keep them."""

from __future__ import annotations

from traitlets import Bool, Float, Int, List, Unicode
from traitlets.config import Configurable

MEGABYTE = 1024 * 1024


class Conversion(Configurable):
    """What a process may use that converts or bundles one notebook."""

    timeout_s = Float(180.0, help="A conversion that takes longer is ended; seconds.").tag(config=True)
    memory_limit_bytes = Int(
        2048 * MEGABYTE, help="Memory each process of a conversion may ask for (Linux); bytes, 0 for no limit."
    ).tag(config=True)
    output_limit_bytes = Int(
        1024 * MEGABYTE, help="Largest file that a conversion may write; bytes, 0 for no limit."
    ).tag(config=True)
    max_at_once = Int(2, help="Conversions that run at the same time, in all workers together.").tag(config=True)
    queue_timeout_s = Float(30.0, help="How long one more waits for its turn before it is refused; seconds.").tag(
        config=True
    )
    spare_time_s = Float(
        300.0,
        help="After a conversion a process that is ready for the next one waits so long; seconds, 0 for none.",
    ).tag(config=True)
    allowed_env = List(
        Unicode(), help="Names or shell patterns of further environment variables that conversions may see."
    ).tag(config=True)
    use_local_scripts = Bool(
        True, help="HTML shown in the page loads MathJax from here; a download always names nbconvert's own address."
    ).tag(config=True)
