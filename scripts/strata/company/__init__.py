"""A company's own folder beside the clone: `strata init`, and what it may hold."""
