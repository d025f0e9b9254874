"""Strata: a customer segmentation warehouse on dbt and DuckDB."""

__version__ = "0.2.0"
