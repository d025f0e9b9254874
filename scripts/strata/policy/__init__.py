"""`strata policy`: read, judge and write down the policies that the seeds hold."""
