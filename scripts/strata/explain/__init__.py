"""`strata explain`: why a customer is who it is, in sentences."""
