"""A model judged on a dataset: rates with intervals, comparisons, filters, annotations."""
