"""Changes of images before a classifier sees them: scikit-learn transformers, one image at a time.

Each takes images as rows or as (n, h, w) and gives them back in that form; uint8 is read as ink
from 0 to 255, that is x / 255, and comes back as float32. None learns anything from the images it
is fitted on but their size.
"""
