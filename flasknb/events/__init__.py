"""Events in the form of ``jupyter_events``: what happened, for subscribers, log handlers and auditors."""
