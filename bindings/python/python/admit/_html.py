"""A report as HTML, for notebooks."""

from html import escape

from ._admit import Outcome, Report


def report(report: Report) -> str:
    """The decision, what each policy said, and why there is no answer."""
    decision = report.decision
    head = "not evaluated" if decision is None else str(decision)
    lines = [f"<p><strong>{escape(head)}</strong> at {escape(report.stage)}</p>"]
    if report.no_answer_reason is not None:
        why = report.no_answer_reason
        lines.append(f"<p>no answer ({escape(why.code)}): {escape(why.detail)}</p>")
    if report.outcomes:
        rows = "".join(map(_row, report.outcomes))
        head = "<tr><th>policy</th><th>outcome</th><th>code</th><th>detail</th></tr>"
        lines.append(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>")
    lines += [f"<p>note ({escape(note.code)}): {escape(note.detail)}</p>" for note in report.notes]
    return "\n".join(lines)


def _row(outcome: Outcome) -> str:
    verdict, fault = outcome.verdict, outcome.fault
    if verdict is not None:
        cells = [verdict.effect, verdict.code, verdict.detail]
    elif fault is not None:
        cells = ["fault", fault.kind, fault.detail]
    else:
        cells = ["not asked", outcome.skipped or "", ""]
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in [outcome.policy, *cells]) + "</tr>"
