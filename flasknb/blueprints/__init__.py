"""One module per area of the URL space; a view parses, calls one service method, answers."""
