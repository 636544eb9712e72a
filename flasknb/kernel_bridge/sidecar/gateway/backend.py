"""The gateway as a whole: its options, what it can start, starting and taking over its kernels."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from traitlets.config import Config

from flasknb.errors import FlasknbError, status_of
from flasknb.kernel_bridge.gateway_options import (
    LAUNCH_TIMEOUT_VARIABLE,
    GatewayClient,
    GatewayWebSocketConnection,
)
from flasknb.kernel_bridge.models import KernelRequest, RaisedEvent
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.gateway.channels import Backoff, offered_protocol
from flasknb.kernel_bridge.sidecar.gateway.life import GatewayLife, Post
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest
from flasknb.kernel_bridge.sidecar.gateway.specs import GatewaySpecs
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.registry import KernelRecord, Registry

log = logging.getLogger(__name__)

LONGEST_LAUNCH_S = 95.0  # below what a worker waits for a start
SCHEMA_ID = "https://events.jupyter.org/jupyter_server/gateway_client/v1"
SCHEMA_FIELDS = {"__schema__": SCHEMA_ID, "__schema_version__": "1", "__metadata_version__": 1}
IDENTITY_BYTES = 16


class Gateway:
    """Everything about the one gateway of a sidecar. Event loop only.

    Args:
        folder: for copies of its files.
        events: where it is told that the gateway fails, and that it is back.
    """

    def __init__(
        self,
        options: GatewayClient,
        config: Config,
        context: KernelContext,
        registry: Registry,
        *,
        folder: Path,
        events: Changes[RaisedEvent],
    ) -> None:
        self._options, self._context, self._events = options, context, events
        self._last_status = 200
        rest = GatewayRest(options, config, self._note)
        self.specs = GatewaySpecs(rest, folder)
        self._post = Post(
            rest,
            registry,
            context,
            protocol=offered_protocol(GatewayWebSocketConnection(config=config).kernel_ws_protocol),
            backoff=Backoff(
                options.gateway_retry_interval, options.gateway_retry_interval_max, options.gateway_retry_max
            ),
            launch_timeout_s=min(
                max(options.request_timeout, options.launch_timeout_s(os.environ) + options.launch_timeout_pad),
                LONGEST_LAUNCH_S,
            ),
        )

    async def launch(self, request: KernelRequest, name: str, cwd: str) -> GatewayLife:
        """Have a kernel started; it has not answered yet. Raises as ``Post.launch``, and KernelSpecMissing."""
        await self.specs.require(name)
        env = self._variables(request, cwd)
        remote_id = await self._post.launch(name, env)
        identity = os.urandom(IDENTITY_BYTES).hex().encode()
        kernel = Kernel(self._context, request.kernel_id or remote_id, name, identity, owner=request.owner)
        return GatewayLife(kernel, self._post, env, remote_id=remote_id)

    def has(self, record: KernelRecord) -> bool:
        """Whether the kernel of ``record`` is one of this gateway's."""
        return record.elsewhere.get("gateway") == self._options.url

    def life_of(self, record: KernelRecord) -> GatewayLife:
        """The kernel that another sidecar had."""
        identity = bytes.fromhex(record.identity)
        kernel = Kernel(self._context, record.id, record.name, identity, has_past=True, owner=record.owner)
        remote_id, session = str(record.elsewhere["id"]), str(record.elsewhere["session"])
        return GatewayLife(kernel, self._post, record.env, remote_id=remote_id, session=session)

    async def default_name(self, wanted: str) -> str:
        """The specification of a request that names none: ``wanted`` where the gateway has it, else its own default."""
        specs = await self.specs.all()
        return wanted if wanted in specs.specs else specs.default

    async def close(self) -> None:
        """Let go of all connections."""
        await self._post.rest.close()

    def _variables(self, request: KernelRequest, cwd: str) -> Mapping[str, str]:
        env = self._options.kernel_variables(os.environ, request.env)
        env.setdefault("KERNEL_WORKING_DIR", cwd)
        env.setdefault(LAUNCH_TIMEOUT_VARIABLE, str(self._options.launch_timeout_s(os.environ)))
        user = request.owner or self._options.http_user
        return env if not user else {"KERNEL_USERNAME": user, **env}

    def _note(self, error: FlasknbError | None) -> None:
        """Tell of failures, and of the first success after one."""
        status = 200 if error is None else status_of(error)
        if status < 500 and self._last_status < 500:
            return
        self._last_status = status
        words = {"status": "success", "msg": "The gateway answers again."}
        if error is not None and status >= 500:
            words = {"status": "error", "msg": error.message}
        moment = datetime.now(timezone.utc).isoformat() + "Z"
        head = {"schema_id": SCHEMA_ID, "__timestamp__": moment, **SCHEMA_FIELDS}
        told = {**head, **words, "status_code": status, "gateway_url": self._options.url}
        self._events.publish(RaisedEvent(json.dumps(told)))
