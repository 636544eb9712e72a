"""Options (traitlets classes with the field's names), the one loader, and the bridge from Flask's config."""
