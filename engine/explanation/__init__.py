"""Why an image got its prediction: pixel by pixel, by the smallest change, by similar images.

`occlusion` and `greedy_change` ask any model; the others are exact for templates.
"""
