"""Starts a Streamlit app with what a benchmark asks for: `python -m benchmarks.launch run APP …`.

BENCHMARK_IMPORTS names modules to import before the first run; BENCHMARK_NO_FREEZE=1 leaves
everything to the garbage collection, as Streamlit does by itself.
"""

import gc
import importlib
import os
import sys

from streamlit.web.cli import main

if __name__ == "__main__":
    for name in filter(None, os.environ.get("BENCHMARK_IMPORTS", "").split(",")):
        importlib.import_module(name)
    if os.environ.get("BENCHMARK_NO_FREEZE"):
        gc.freeze = lambda: None
    sys.argv[0] = "streamlit"
    main()
