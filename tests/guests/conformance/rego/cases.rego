package admit

what := input.answers[0].value

approve := {"code": "fine"} if what == "approve"

approve := {"code": "known", "detail": admit.fact("held", "somebody").name} if what == "fact"

approve := {"code": "known"} if {
	what == "ungranted"
	admit.fact("secrets", "x")
}

approve := {"code": "settings", "detail": said} if {
	what == "settings"
	nested := data.nested
	said := sprintf("%v %v %v", [nested.text, nested.integer, nested.flag])
}

approve := {"code": "now", "detail": input.now} if what == "now"

approve := {"code": "unicode", "detail": concat(" ", [input.requestor.displayName, "ß漢🙂"])} if what == "unicode"

approve := {"code": "answers", "detail": sprintf("%v %v", [count(input.answers), characters])} if what == "answers"

# `count` of a text counts units of UTF-16 here.
characters := sum([count(split(answer.value, "")) | some answer in input.answers])

approve := {"code": "fine"} if {
	what == "log"
	print("hello")
}

# Another shape than the ones that are known.
approve := 7 if what == "wrong"

approve := {"code": "forever"} if {
	what == "loop"
	some a in numbers.range(1, 1000000)
	some b in numbers.range(1, 1000000)
	a * b == 0
}

approve := {"code": "large"} if {
	what == "memory"
	count(numbers.range(1, 100000000)) == 0
}

deny := {"code": "no", "detail": "No."} if what == "deny"

deny := {"code": "unknown", "detail": "Nothing is known."} if {
	what == "missing-fact"
	not admit.fact("held", "nobody")
}

deny := [
	{"code": "no", "detail": "No."},
	{"code": "first", "detail": "One."},
	{"code": "second", "detail": "Two."},
] if {
	what == "notes"
}

cancel := {"code": "later", "detail": "Later."} if what == "cancel"

abstain := {"code": "none"} if what == "abstain"

# Two values of one rule: an error of the language.
abstain := {"code": "none", "detail": "Why?"} if what == "error"

abstain := {"code": "none", "detail": "Why not?"} if what == "error"

require_approval := {
	"code": "two-eyes",
	"detail": "Two look at it.",
	"primary": [{"user": "0a000000-0000-4000-8000-000000000001", "description": "First"}, {"manager": 1}],
	"fallback_primary": [{"group": "0a000000-0000-4000-8000-000000000002"}],
	"escalation": [{"user": "0a000000-0000-4000-8000-000000000003"}],
	"deny_after": "P14D",
	"escalate_after": "P2D",
	"require_justification": true,
} if {
	what == "approval"
}
