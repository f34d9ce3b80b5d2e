"""The compare page: the two models and the images, the four groups of images, the tabs below."""
