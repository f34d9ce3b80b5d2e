"""The shape of each image in numbers: how thick, long, slanted its strokes are, and in how many
pieces. `attributes.shape_attributes` measures them.
"""
