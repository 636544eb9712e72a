"""The OpenAPI document tells the truth: every route below ``/api`` is in it, nothing else, and it is valid."""

from __future__ import annotations

import re

import pytest
import yaml
from openapi_spec_validator import validate

import flasknb
from flasknb.openapi.document import document
from tests.conftest import MakeSite, Site
from tests.contract.test_routes import pairs

# addresses that only lead on, or tell what else is there
WITH_SLASH = {(method, "/api/contents/") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}  # as without it
NOT_DESCRIBED = {("GET", "/api/notebooks"), ("GET", "/api/notebooks/{api_path}")} | WITH_SLASH


def described() -> set[tuple[str, str]]:
    paths = document("1.0", "/")["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_every_route_is_described_and_no_other(make_site: MakeSite) -> None:
    rules = [rule for rule in make_site().app.url_map.iter_rules() if rule.rule.startswith("/api")]
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path))
        for rule in rules
        for method, path in pairs(rule)
        if method != "WEBSOCKET"
    }
    assert described() == routes - NOT_DESCRIBED


@pytest.mark.row("4.1 spec.yaml")
def test_the_document_is_served_as_valid_yaml_with_the_mounts_address(site: Site) -> None:
    answer = site.api.get("api/spec.yaml")
    assert (answer.status_code, answer.mimetype) == (200, "text/x-yaml")
    served = yaml.safe_load(answer.text)
    validate(served)
    assert served["info"]["version"] == flasknb.__version__
    assert served["servers"] == [{"url": site.base_url.rstrip("/") or "/"}]
    assert site.stranger.get("api/spec.yaml").status_code == 403
    assert site.api("HEAD", "api/spec.yaml").status_code == 405
