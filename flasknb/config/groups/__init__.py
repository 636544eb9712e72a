"""The options of ``ServerApp`` by subject. Each module declares some; ``config/options.py`` joins them."""
