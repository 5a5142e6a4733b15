"""Watched packages need a justification."""

from admit_policy import Callout, Settings, Verdict, abstain, approve, deny


def configure(settings: Settings) -> list[str]:
    """Reads the settings, when the policy set is loaded. Gives what `evaluate` needs of them."""
    return settings.guids("/packages")


def evaluate(callout: Callout, packages: list[str]) -> Verdict:
    """Answers one callout, in a fresh instance: nothing that it changes survives."""
    package = callout.access_package.id
    if package is None:
        return deny("no-package", "The request names no access package.")
    if package not in packages:
        return abstain("not-watched")
    answer = callout.answers.to("Business justification")
    if answer is None or not (answer.value or "").strip():
        return deny("no-justification", "Please say what you need the access for.")
    return approve("justified")
