"""`strata explain`: a customer's records, id and labels, explained in sentences."""
