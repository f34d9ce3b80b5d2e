"""Images made worse in fifteen ways at five severities, and what models still get right of them.

`corrupt.corrupted` makes the images, `curves.corruption_curves` judges models on them. The kinds,
their order and their strengths follow N. Mu and J. Gilmer, "MNIST-C: A Robustness Benchmark for
Computer Vision", 2019. Lengths are those of images of 28 pixels a side, and grow with the side.
"""
