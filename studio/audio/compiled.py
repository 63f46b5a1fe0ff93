"""Single compiled modules of scipy, without the packages around them.

Importing `scipy.signal` for one filter, or `scipy.fft` for one transform, would load statistics, optimisation and
interpolation as well: up to 80 MB and a second of work in every process that looks at a file.
"""

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any


def compiled(name: str) -> Any:
    """The compiled module `name` of scipy, such as `scipy.signal._sigtools`."""
    if name not in sys.modules:
        import scipy

        folder = Path(scipy.__file__).parent.joinpath(*name.split(".")[1:-1])
        spec = PathFinder.find_spec(name, [str(folder)])
        if spec is None or spec.loader is None:
            return import_module(name)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module  # not before it is whole
    return sys.modules[name]
