"""The language of pages and messages: which one a visitor gets, and what our texts are called in it."""
