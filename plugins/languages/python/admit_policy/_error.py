"""What a policy raises when it cannot evaluate."""


class PolicyError(Exception):
    """The policy cannot evaluate, or refuses its settings. The report has the text as it is.

    This is a fault, not a denial: to refuse a request, return `deny`. Every other exception that
    leaves a policy is a fault too; the report then has its type, its text and its place.
    """
