"""Who is asking, and may they: identity, passwords, signed values, authorizer, XSRF, Host and Origin, headers."""
