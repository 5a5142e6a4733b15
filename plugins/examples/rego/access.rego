package admit

deny := {"code": "no-package", "detail": "The request names no access package."} if {
	not input.accessPackage.id
}

deny := {"code": "no-justification", "detail": "Please say what you need the access for."} if {
	watched
	not justified
}

abstain := {"code": "not-watched"} if {
	input.accessPackage.id
	not watched
}

approve := {"code": "justified"} if {
	watched
	justified
}

watched if input.accessPackage.id in data.packages

justified if {
	some answer in input.answers
	answer.answeredQuestion.text == "Business justification"
	trim_space(answer.value) != ""
}
