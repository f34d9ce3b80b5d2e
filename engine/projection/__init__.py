"""Judged images as points in two dimensions, and the regions that are drawn around some of them.

`distance_plane` places them by their distances to two classes, `principal_components` by what
varies most in their pixels; `read_region` reads a region, whose `inside` says which points are in
it.
"""
