"""What to say in a bug report."""

import platform
import sys

from ._admit import CONTRACT_VERSION, __version__


def show_versions() -> None:
    """Prints what a bug report needs: versions of admit, its contract, Python and the machine."""
    lock = getattr(sys, "_is_gil_enabled", lambda: True)()
    versions = {
        "admit": __version__,
        "contract": f"admit:policy@{CONTRACT_VERSION}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "interpreter lock": "on" if lock else "off",
        "system": platform.platform(),
        "machine": platform.machine(),
    }
    for name, version in versions.items():
        print(f"{name:<17} {version}")
