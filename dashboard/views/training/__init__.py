"""The training page: the recipe and its buttons, the live view, the results on the test set."""
