"""The REST API described in OpenAPI 3.1, as tables. A test holds them against the routes and what they answer."""
