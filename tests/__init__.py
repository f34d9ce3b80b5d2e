"""The tests mirror the tree; `pages`, `browser` and `robustness` hold what needs the whole app."""
