package telegram

import (
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot/text"
)

// Telegram's limits.
const (
	longRunes  = 512
	shortRunes = 120
)

// words are what Telegram shows beside the chat in one language. The
// description is what a person reads before the first word is exchanged, so it
// says who is writing and what is never asked for (R41).
type words struct {
	language    string // two letters; "" is shown to everybody else
	anyFirm     string // when the firm's name is not known
	description string // {firm}
	brief       string // {firm}
	commands    []tgbotapi.BotCommand
	inGroups    []tgbotapi.BotCommand
	again       string // below a message that may have arrived before
}

func allWords() []words {
	return []words{english(), spanish()}
}

// wordsIn are those for a language tag such as "es-419"; English for others.
func wordsIn(tag string) words {
	if base, _, _ := strings.Cut(strings.ToLower(tag), "-"); base == "es" {
		return spanish()
	}
	return english()
}

func english() words {
	return words{
		anyFirm: "your law firm",
		description: "This is the private law-firm assistant of {firm}. It helps clients of the firm move a biometrics appointment and reminds them of it.\n\n" +
			"We are NOT USCIS and not the government. Rescheduling is free. We never ask for money, your Social Security number, passwords or codes here.\n\n" +
			"To begin, open the link the firm gave you. To check that it is really us, send /verify.",
		brief: "{firm}: private law-firm assistant for biometrics appointments. NOT USCIS, not the government. Free.",
		commands: []tgbotapi.BotCommand{
			{Command: "reschedule", Description: "Move a biometrics appointment"},
			{Command: "appointments", Description: "Show my appointments"},
			{Command: "help", Description: "What this assistant can do"},
			{Command: "back", Description: "Go back one question"},
			{Command: "cancel", Description: "Stop what we are doing"},
			{Command: "person", Description: "Talk to a person at the firm"},
			{Command: "language", Description: "Language / Idioma"},
			{Command: "verify", Description: "Check who runs this assistant"},
			{Command: "scam", Description: "Report a scam"},
			{Command: "privacy", Description: "What we keep and who sees it"},
			{Command: "stop", Description: "Stop reminders"},
			{Command: "reminders", Description: "Get reminders again"},
			{Command: "start", Description: "Begin, or begin again"},
		},
		inGroups: []tgbotapi.BotCommand{
			{Command: "start", Description: "How to reach this assistant in private"},
			{Command: "help", Description: "How to reach this assistant in private"},
		},
		again: "(Sent again in case the first did not arrive.)",
	}
}

func spanish() words {
	return words{
		language: "es",
		anyFirm:  "su oficina de abogados",
		description: "Este es el asistente privado de la oficina de abogados {firm}. Ayuda a los clientes de la oficina a cambiar una cita de biometría y se la recuerda.\n\n" +
			"NO somos USCIS ni parte del gobierno. Cambiar la cita es gratis. Aquí nunca pedimos dinero, su número de Seguro Social, contraseñas ni códigos.\n\n" +
			"Para empezar, abra el enlace que le dio la oficina. Para comprobar que somos nosotros, envíe /verify.",
		brief: "{firm}: asistente privado de abogados para citas de biometría. NO es USCIS ni el gobierno. Gratis.",
		commands: []tgbotapi.BotCommand{
			{Command: "reschedule", Description: "Cambiar una cita de biometría"},
			{Command: "appointments", Description: "Ver mis citas"},
			{Command: "help", Description: "Qué puede hacer este asistente"},
			{Command: "back", Description: "Volver a la pregunta anterior"},
			{Command: "cancel", Description: "Dejar lo que estamos haciendo"},
			{Command: "person", Description: "Hablar con una persona de la oficina"},
			{Command: "language", Description: "Idioma / Language"},
			{Command: "verify", Description: "Comprobar de quién es este asistente"},
			{Command: "scam", Description: "Avisar de una estafa"},
			{Command: "privacy", Description: "Qué guardamos y quién lo ve"},
			{Command: "stop", Description: "Dejar de recibir recordatorios"},
			{Command: "reminders", Description: "Recibir recordatorios de nuevo"},
			{Command: "start", Description: "Empezar, o empezar de nuevo"},
		},
		inGroups: []tgbotapi.BotCommand{
			{Command: "start", Description: "Cómo escribir a este asistente en privado"},
			{Command: "help", Description: "Cómo escribir a este asistente en privado"},
		},
		again: "(Se envía de nuevo por si el primero no llegó.)",
	}
}

func (w words) long(firm string) string  { return fill(w.description, firm, w.anyFirm, longRunes) }
func (w words) short(firm string) string { return fill(w.brief, firm, w.anyFirm, shortRunes) }

// fill puts the firm's name into a sentence; a name that is too long is
// shortened, never the sentence.
func fill(sentence, firm, anyFirm string, limit int) string {
	firm = strings.Join(strings.Fields(text.Clean(firm)), " ")
	if firm == "" {
		firm = anyFirm
	}
	room := limit - len([]rune(sentence)) + len([]rune("{firm}"))
	if name := []rune(firm); len(name) > room {
		firm = strings.TrimSpace(string(name[:room-1])) + "…"
	}
	return strings.ReplaceAll(sentence, "{firm}", firm)
}
