"""A bridge without processes, for tests of the HTTP side and of what is built upon it."""

from flasknb.testing.bridge import FakeBridge
from flasknb.testing.executions import FakeExecutions
from flasknb.testing.models import PYTHON_SPEC, WHEN
from flasknb.testing.terminals import FakeTerminals

__all__ = ["PYTHON_SPEC", "WHEN", "FakeBridge", "FakeExecutions", "FakeTerminals"]
