"""Models that a person brings: ONNX files, run in a process of their own with limits, or Python.

Use `named.open_model`, or `classifier.OnnxClassifier`, a classifier like any other; close it.
onnxruntime is an extra (requirements-onnx.txt), and only that process imports it.
"""
