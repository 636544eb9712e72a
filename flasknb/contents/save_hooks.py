"""The functions a contents manager runs before and after each save: those configured, and those registered."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from flasknb.contents.hooks import Hook, load_hook, run_after_save, run_before_save
from flasknb.contents.models import ContentsModel


class SaveHooks:
    """Part of ``ContentsManager``. Any thread, once all hooks are registered."""

    pre_save_hook: Any
    post_save_hook: Any

    @cached_property
    def _pre_save_hooks(self) -> list[Hook]:
        return []

    @cached_property
    def _post_save_hooks(self) -> list[Hook]:
        return []

    def register_pre_save_hook(self, hook: Hook) -> None:
        """Call ``hook(model=…, path=…, contents_manager=…)`` before each save."""
        self._pre_save_hooks.append(cast(Hook, load_hook(hook)))

    def register_post_save_hook(self, hook: Hook) -> None:
        """Call ``hook(os_path=…, model=…, contents_manager=…)`` after each save."""
        self._post_save_hooks.append(cast(Hook, load_hook(hook)))

    def run_pre_save_hook(self, model: ContentsModel, path: str, **kwargs: Any) -> None:
        """Run the configured hook, then the registered ones; they may change ``model``."""
        for hook in [self.pre_save_hook, *self._pre_save_hooks]:
            if hook is not None:
                run_before_save(hook, model=model, path=path, contents_manager=self, **kwargs)

    run_pre_save_hooks = run_pre_save_hook

    def run_post_save_hook(self, model: ContentsModel, os_path: str) -> None:
        """Run the configured hook, then the registered ones."""
        for hook in [self.post_save_hook, *self._post_save_hooks]:
            if hook is not None:
                run_after_save(hook, os_path=os_path, model=model, contents_manager=self)

    run_post_save_hooks = run_post_save_hook
