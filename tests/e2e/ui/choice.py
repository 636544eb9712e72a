"""Choosing something from the menus with the mouse."""

from __future__ import annotations

from playwright.sync_api import Page


def choose(page: Page, way: tuple[str, ...]) -> None:
    """Open the menu ``way[0]``, go through the submenus, click the last item; each by its id."""
    page.click(f"#{way[0]}")
    for submenu in way[1:-1]:
        page.hover(f"#{submenu} > a")
    page.click(f"#{way[-1]} > a")
