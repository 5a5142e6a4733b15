"""Any language with a C FFI can use the library: here Python's own, with nothing but what admit.h says.

    python3 ctypes_consumer.py LIBRARY COMPONENT CALLOUT NOW_US

The component is that of the stock policy seat-budget; how many seats are left it asks a function below.
Prints the body to send to Graph. Programs in Python itself use the package in bindings/python.
"""

import sys
from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    Structure,
    byref,
    c_bool,
    c_char_p,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
    cast,
    sizeof,
    string_at,
)
from pathlib import Path

VERSION_NUMBER = 1000
"""ADMIT_VERSION_NUMBER of the header that this was written from."""


class Str(Structure):
    """admit_str_t"""

    _fields_ = [("data", c_void_p), ("len", c_size_t)]

    def text(self):
        """Its text, or None where there is none."""
        return None if self.data is None else string_at(self.data, self.len).decode()


class PolicyOptions(Structure):
    """admit_policy_options_t"""

    _fields_ = [
        ("size", c_size_t),
        ("settings", Str),
        ("stages", POINTER(Str)),
        ("stage_count", c_size_t),
        ("facts", POINTER(Str)),
        ("fact_count", c_size_t),
        ("sha256", POINTER(Str)),
        ("limits", c_void_p),
        ("prepare", c_uint32),
        ("reserved", c_uint32),
    ]


class SetOptions(Structure):
    """admit_set_options_t"""

    _fields_ = [
        ("size", c_size_t),
        ("rule", c_uint32),
        ("when_silent", c_uint32),
        ("on_fault", c_uint32),
        ("join_approvers", c_uint32),
        ("profile", c_uint32),
        ("reserved", c_uint32),
        ("stages", c_void_p),
        ("stage_count", c_size_t),
        ("extension", Str),
        ("catalog", Str),
        ("facts", c_void_p),
    ]


class EvaluateOptions(Structure):
    """admit_evaluate_options_t"""

    _fields_ = [
        ("size", c_size_t),
        ("now_us", c_int64),
        ("record", POINTER(Str)),
        ("without_reads", c_uint32),
        ("reserved", c_uint32),
    ]


LOOKUP = CFUNCTYPE(None, c_void_p, c_void_p, c_size_t, c_uint64, c_void_p)
"""admit_fact_lookup_t"""

FUNCTIONS = {
    "admit_abi_check": (c_bool, [c_uint32]),
    "admit_error_message": (Str, [c_void_p]),
    "admit_error_free": (None, [c_void_p]),
    "admit_engine_new": (c_void_p, [c_void_p, POINTER(c_void_p)]),
    "admit_engine_free": (None, [c_void_p]),
    "admit_policy_from_file": (
        c_void_p,
        [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(PolicyOptions), POINTER(c_void_p)],
    ),
    "admit_policy_free": (None, [c_void_p]),
    "admit_facts_new": (c_void_p, [POINTER(c_void_p)]),
    "admit_facts_add_callback": (c_void_p, [c_void_p, c_char_p, c_size_t, LOOKUP, c_void_p, c_void_p]),
    "admit_facts_free": (None, [c_void_p]),
    "admit_fact_answer_json": (None, [c_void_p, c_char_p, c_size_t]),
    "admit_fact_answer_none": (None, [c_void_p]),
    "admit_fact_answer_error": (None, [c_void_p, c_char_p, c_size_t]),
    "admit_set_new": (
        c_void_p,
        [
            c_void_p, c_char_p, c_size_t, POINTER(c_void_p), c_size_t, POINTER(SetOptions),
            POINTER(c_void_p),
        ],
    ),
    "admit_set_free": (None, [c_void_p]),
    "admit_evaluate": (
        c_void_p,
        [c_void_p, c_char_p, c_size_t, POINTER(EvaluateOptions), POINTER(c_void_p)],
    ),
    "admit_report_resume_body": (Str, [c_void_p]),
    "admit_report_no_answer_detail": (Str, [c_void_p]),
    "admit_report_free": (None, [c_void_p]),
}


def load(path):
    """The library, with the types of what is called."""
    library = CDLL(path)
    for name, (gives, takes) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = gives, takes
    if not library.admit_abi_check(VERSION_NUMBER):
        sys.exit("this is another version of libadmit")
    return library


def text(value):
    """A text for an option block, which the bytes outlive."""
    return Str(cast(value, c_void_p), len(value))


def main(path, component, callout, now_us):
    library = load(path)

    def check(error):
        if error is not None:
            message = library.admit_error_message(error).text()
            library.admit_error_free(error)
            sys.exit(message)

    known = {"0d000001-0007-400e-a014-d13244aa029e": b'{"used":118,"bought":120}'}

    def seats(_user_data, key, key_len, _remaining_ms, answer):
        """Answers one lookup. An exception must not leave it: the lookup has failed then."""
        try:
            value = known.get(string_at(key, key_len).decode())
            if value is None:
                library.admit_fact_answer_none(answer)
            else:
                library.admit_fact_answer_json(answer, value, len(value))
        except Exception as error:
            message = repr(error).encode()
            library.admit_fact_answer_error(answer, message, len(message))

    lookup = LOOKUP(seats)  # It must live as long as the set.
    facts, engine, policy, policies, report = (c_void_p() for _ in range(5))
    check(library.admit_facts_new(byref(facts)))
    check(library.admit_facts_add_callback(facts, b"seats", 5, lookup, None, None))

    settings = b'{"packages":["0d000001-0007-400e-a014-d13244aa029e"]}'
    granted = (Str * 1)(text(b"seats"))
    options = PolicyOptions(sizeof(PolicyOptions), text(settings), None, 0, granted, 1)
    check(library.admit_engine_new(None, byref(engine)))
    check(library.admit_policy_from_file(
        engine, b"seats", 5, component, len(component), byref(options), byref(policy)
    ))
    options = SetOptions(size=sizeof(SetOptions), facts=facts)
    check(library.admit_set_new(
        engine, b"Contoso.Seats", 13, byref(policy), 1, byref(options), byref(policies)
    ))
    library.admit_facts_free(facts)
    library.admit_policy_free(policy)
    library.admit_engine_free(engine)

    payload = Path(callout).read_bytes()
    options = EvaluateOptions(size=sizeof(EvaluateOptions), now_us=int(now_us))
    check(library.admit_evaluate(policies, payload, len(payload), byref(options), byref(report)))
    body = library.admit_report_resume_body(report).text()
    if body is None:
        why = library.admit_report_no_answer_detail(report).text()
        print(f"nothing to send: {why}", file=sys.stderr)
    else:
        print(body)
    library.admit_report_free(report)
    library.admit_set_free(policies)
    return 3 if body is None else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: ctypes_consumer.py LIBRARY COMPONENT CALLOUT NOW_US")
    _, path, component, callout, now_us = sys.argv
    sys.exit(main(path, component.encode(), callout, now_us))
