package conversation

import (
	"strings"

	"reschedulebot/scheduling"
)

// A FormProblem is what is wrong with one field of a form.
type FormProblem string

// The problems. What is wrong with a receipt number is ReceiptProblem's to say.
const (
	ProblemMissing    FormProblem = "missing"
	ProblemDate       FormProblem = "date"         // not read
	ProblemClock      FormProblem = "clock"        // not read
	ProblemNoSuchTime FormProblem = "no_such_time" // skipped by a clock change there
	ProblemPast       FormProblem = "past"
	ProblemSame       FormProblem = "same" // as on file already
	ProblemSite       FormProblem = "site" // unknown
	ProblemForm       FormProblem = "form" // not known as a form
	ProblemCount      FormProblem = "count"
	ProblemLanguage   FormProblem = "language"
	ProblemPhone      FormProblem = "phone"
	ProblemLong       FormProblem = "long"
	ProblemSecret     FormProblem = "secret"   // looks like a Social Security number (R30)
	ProblemChanged    FormProblem = "changed"  // somebody else has changed it since the form was opened
	ProblemConflict   FormProblem = "conflict" // against what is on file
	ProblemRequest    FormProblem = "request"  // an open request is in the way
	ProblemNotAllowed FormProblem = "not_allowed"
	ProblemGone       FormProblem = "gone"
)

// Problem is the sentence that stands at the field.
func Problem(language string, p FormProblem) string {
	w := wordsFor(language)
	switch p {
	case ProblemMissing:
		return w.label("problem.missing")
	case ProblemDate:
		return w.label("problem.date")
	case ProblemClock:
		return w.label("problem.clock")
	case ProblemNoSuchTime:
		return w.label("problem.nosuchtime")
	case ProblemPast:
		return w.label("problem.past")
	case ProblemSame:
		return w.label("problem.same")
	case ProblemSite:
		return w.label("problem.site")
	case ProblemForm:
		return w.label("problem.form")
	case ProblemCount:
		return w.label("problem.count")
	case ProblemLanguage:
		return w.label("problem.language")
	case ProblemPhone:
		return w.label("problem.phone")
	case ProblemLong:
		return w.label("problem.long")
	case ProblemSecret:
		return w.label("problem.secret")
	case ProblemChanged:
		return w.label("problem.changed")
	case ProblemConflict:
		return w.label("problem.conflict")
	case ProblemRequest:
		return w.label("problem.request")
	case ProblemNotAllowed:
		return plainLine(w.text("desk.notallowed"))
	case ProblemGone:
		return plainLine(w.text("desk.gone"))
	}
	return w.label("problem.other")
}

// ReceiptProblem is what is wrong with a receipt number that was typed into a form,
// "" if nothing is. One that would have to be mended is not taken: the number that
// may have been meant is shown, to be typed.
func ReceiptProblem(language string, id scheduling.Identifier) string {
	w := wordsFor(language)
	switch id.Kind {
	case scheduling.ReceiptExact, scheduling.ReceiptOddPrefix:
		return ""
	case scheduling.ReceiptRepaired:
		return w.label("problem.receipt.mean", with{"receipt": id.Receipt.Reveal()})
	case scheduling.ReceiptShort, scheduling.ReceiptLong:
		return w.label("problem.receipt.length", with{"n": id.Digits})
	case scheduling.ReceiptMasked:
		return w.label("problem.receipt.masked")
	case scheduling.AccountNumber:
		return w.label("problem.receipt.account")
	case scheduling.ANumberLike:
		return w.label("problem.receipt.anumber")
	case scheduling.NineDigits, scheduling.SSNLike:
		return w.label("problem.receipt.ssn")
	}
	return w.label("problem.receipt.none")
}

// DecidedProblem is DecidedMeanwhile as a sentence at a field.
func DecidedProblem(language string, r RequestOnDesk, f Facts) string {
	return plainLine(DecidedMeanwhile(language, r, f))
}

// plainLine is a text without styles on one line.
func plainLine(t Text) string { return strings.Join(strings.Fields(t.Plain()), " ") }
