"""The playground's charts: the fit, the loss, the path and the optimizers."""
