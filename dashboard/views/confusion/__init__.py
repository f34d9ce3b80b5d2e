"""The confusion page: the choice of a cell, the matrix with its images, and the tabs below."""
