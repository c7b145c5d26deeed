package slack

import "strings"

// words are the few sentences that the adapter itself says, in one language.
// None of them holds a name or a number: the first is what a locked screen shows.
type words struct {
	arrived   string // the notification of every message
	card      string // that of a card
	below     string // that of what is said below a card
	again     string // below a message that may have arrived before
	onlyStaff string
	later     string // who somebody is can't be told for now
	unfit     string // the staff channel is not private, or that can't be told for now
	more      string // where a page has no room for the other {n} cards
	nothing   string // on a page without cards
	slow      string // a form could not be opened
	wrong     string // a form was not taken, without a reason at hand
	choose    string // in a menu before something is chosen
	colleague string // somebody who is mentioned and not on the staff lists
	noSuch    string // for an unknown word after the command; {words}
}

// wordsIn are those for a language tag such as "es-ES"; English for others.
func wordsIn(tag string) words {
	if base, _, _ := strings.Cut(strings.ToLower(tag), "-"); base == "es" {
		return words{
			arrived:   "El asistente de biometría le ha respondido.",
			card:      "Hay algo para el equipo de biometría.",
			below:     "Hay novedades en una tarjeta de biometría.",
			again:     "(Se envía de nuevo por si el primero no llegó.)",
			onlyStaff: "Este asistente es solo para el personal de la oficina.",
			later:     "Ahora mismo no se puede comprobar quién es usted. No se hizo nada; inténtelo de nuevo en un minuto.",
			unfit:     "No se hizo nada: el canal del personal no es privado ahora, o no se puede comprobar. Escríbame directamente, y avise a quienes mantienen el bot.",
			more:      "Aquí no cabe todo: faltan {n} más.",
			nothing:   "Aquí no hay nada por ahora.",
			slow:      "El formulario no se pudo abrir a tiempo. No se hizo nada; inténtelo otra vez, por favor.",
			wrong:     "Esto no se puede aceptar así.",
			choose:    "Elija una respuesta",
			colleague: "un colega",
			noSuch:    "El comando " + command + " entiende: {words}. También puede escribir aquí lo que necesita.",
		}
	}
	return words{
		arrived:   "The biometrics assistant has answered you.",
		card:      "There is something for the biometrics desk.",
		below:     "There is news on a card of the biometrics desk.",
		again:     "(Sent again in case the first did not arrive.)",
		onlyStaff: "This assistant is only for the firm's staff.",
		later:     "Who you are can't be checked right now. Nothing was done; please try again in a minute.",
		unfit:     "Nothing was done: the staff channel is not private now, or that can't be checked. Write to me directly, and tell those who run the bot.",
		more:      "There is no room for everything here: {n} more are left out.",
		nothing:   "There is nothing here for now.",
		slow:      "The form could not be opened in time. Nothing was done; please try again.",
		wrong:     "This can't be taken as it is.",
		choose:    "Choose an answer",
		colleague: "a colleague",
		noSuch:    "The command " + command + " understands: {words}. You can also write here what you need.",
	}
}

// unknownWord says which words there are.
func (w words) unknownWord() string {
	return strings.ReplaceAll(w.noSuch, "{words}", strings.Join(commandWords(), ", "))
}
