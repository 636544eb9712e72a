"""How much is read of a body once its request is answered, as a refused upload: some more, then the connection ends.

Without reading on, a client that sends everything before it listens would find its connection broken instead of the
answer. Without a bound, a server would take ten gigabytes to no end, also from strangers.
"""

from __future__ import annotations

LINGER_BYTES = 16 * 1024 * 1024
LINGER_S = 5.0
