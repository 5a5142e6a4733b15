"""Exceptions: one class for each kind of error, made of the engine's own table."""

from typing import Any

from ._admit import ERROR_KINDS


class AdmitError(Exception):
    """Something that was given cannot be used. Each kind has a class of its own."""

    code = 0
    """Stable number of the kind."""
    slug = ""
    """Stable name of the kind."""

    def __init__(self, detail: str, policy: str | None = None, path: str | None = None) -> None:
        where = [f"policy `{policy}`"] if policy is not None else []
        where += [path] if path is not None else []
        super().__init__(": ".join([*where, detail]))
        self.detail = detail
        """What is wrong, without the place."""
        self.policy = policy
        """Id of the policy that is concerned, or None."""
        self.path = path
        """Where: a JSON pointer, or a file with line and column; or None."""

    def __reduce__(self) -> tuple[Any, ...]:
        state = dict(self.__dict__)
        if isinstance(self, OSError):
            state["errno"] = self.errno
        return type(self), (self.detail, self.policy, self.path), state


# The built-in exceptions that fit, where it is not a value alone.
_BASES: dict[str, tuple[type[Exception], ...]] = {
    "policy-file": (OSError,),
    "set-file": (OSError,),
    "fact-source": (OSError, ValueError),
    "internal": (RuntimeError,),
}


def _class(code: int, slug: str, meaning: str) -> type[AdmitError]:
    name = "".join(part.capitalize() for part in slug.split("-")) + "Error"
    bases = (AdmitError, *_BASES.get(slug, (ValueError,)))
    doc = f"{meaning[0].upper()}{meaning[1:]}."
    members: dict[str, Any] = {"code": code, "slug": slug, "__doc__": doc, "__module__": "admit"}
    return type(name, bases, members)


AdmitError.__module__ = "admit"
CLASSES = {code: _class(code, slug, meaning) for code, slug, meaning in ERROR_KINDS}

globals().update({kind.__name__: kind for kind in CLASSES.values()})
