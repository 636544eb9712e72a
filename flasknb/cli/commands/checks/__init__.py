"""What ``flasknb doctor`` looks at: one module per subject, each a function from a patient to findings."""
