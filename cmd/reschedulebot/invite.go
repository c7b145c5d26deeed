package main

import (
	"context"
	"fmt"
	"os"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"reschedulebot/bot"
	"reschedulebot/bot/telegram"
	"reschedulebot/scheduling"
)

type inviteCommand struct {
	databaseFlags
	rulesFlag
	telegramFlags
	byFlag

	Receipt string `arg:"" help:"Receipt number of the case."`
	QR      string `name:"qr" placeholder:"FILE.png" help:"Also draw the link as a QR code into a new file."`
	Revoke  bool   `help:"Make the codes of this case useless that nobody has used yet."`
	Hours   int    `default:"24" placeholder:"N" help:"How long the link can be used, default ${default}."`
}

// mostHours is three weeks, for a letter on paper.
const mostHours = 21 * 24

// qrPixels is the width of the picture: sharp on paper at five centimetres.
const qrPixels = 512

// Run issues a link and prints it, alone on standard output, or revokes them.
func (c *inviteCommand) Run(ctx context.Context, p *process) error {
	var t trouble
	settings, rules := c.databaseFlags.check(&t), c.rulesFlag.check(&t)
	chats := c.telegramFlags.check(&t)
	receipt, err := scheduling.ParseReceipt(c.Receipt)
	if err != nil {
		t.add("receipt", "%v", err)
	}
	if c.Hours < 1 || c.Hours > mostHours {
		t.add("--hours", "%d is no number of hours from 1 to %d", c.Hours, mostHours)
	}
	switch {
	case c.QR == "":
	case c.Revoke:
		t.add("--qr", "can't stand together with --revoke")
	case chats.token.empty():
		t.add("--qr", "needs TELEGRAM_BOT_TOKEN: the link names the bot")
	}
	if err := t.err(); err != nil {
		return err
	}
	db, err := settings.openExisting(ctx, p.now)
	if err != nil {
		return err
	}
	defer db.Close()
	b := bot.New(bot.Config{Store: db, Rules: rules, Kind: "invite"})
	if c.Revoke {
		n, err := b.Revoke(ctx, receipt, c.name())
		if err == nil {
			fmt.Fprintf(p.stdout, "Codes revoked: %d\n", n)
		}
		return err
	}
	return c.issue(ctx, p, b, receipt, chats)
}

// issue makes sure that the link can be shown before it replaces an earlier one.
func (c *inviteCommand) issue(ctx context.Context, p *process, b *bot.Bot, receipt scheduling.Receipt, chats telegramSettings) error {
	username, err := chats.username(ctx)
	if err != nil {
		return err
	}
	picture, err := newPicture(c.QR)
	if err != nil {
		return err
	}
	defer picture.drop()
	life := time.Duration(c.Hours) * time.Hour
	code, err := b.Invite(ctx, receipt, c.name(), life)
	if err != nil {
		return err
	}
	until := p.now().Add(life).Format("Jan 2, 2006, 15:04 MST")
	if username == "" {
		fmt.Fprintln(p.stdout, code)
		fmt.Fprintf(p.stderr, "This is the code alone, because TELEGRAM_BOT_TOKEN is not set. It works once, until %s: the client writes /start and the code to the bot, or opens https://t.me/BOT?start=CODE.\n", until)
		return nil
	}
	link := "https://t.me/" + username + "?start=" + code
	fmt.Fprintln(p.stdout, link)
	fmt.Fprintf(p.stderr, "This link works once, until %s. Give it to this client only.\n", until)
	return picture.draw(link)
}

// username asks Telegram for the bot's name; "" where Telegram is off.
func (s telegramSettings) username(ctx context.Context) (string, error) {
	if s.token.empty() {
		return "", nil
	}
	platform, err := telegram.New(telegram.Config{Token: s.token.reveal(), APIURL: s.api})
	if err != nil {
		return "", err
	}
	status, err := platform.Check(ctx)
	if err != nil {
		return "", fmt.Errorf("nothing was issued, the bot's name could not be asked: %w", err)
	}
	return status.Username, nil
}

// A picture is a file that is only kept once it has been drawn.
type picture struct {
	file  *os.File // nil: none is wanted
	drawn bool
}

// newPicture makes a file that only its owner can read, and never replaces one.
func newPicture(path string) (*picture, error) {
	if path == "" {
		return &picture{}, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return nil, fmt.Errorf("--qr: %s is there already; remove it or choose another name", path)
	}
	if err != nil {
		return nil, fmt.Errorf("--qr: %w", err)
	}
	return &picture{file: file}, nil
}

func (p *picture) draw(link string) error {
	if p.file == nil {
		return nil
	}
	png, err := qrcode.Encode(link, qrcode.Medium, qrPixels)
	if err == nil {
		_, err = p.file.Write(png)
	}
	if err == nil {
		err = p.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("--qr: the picture was not drawn, the link above is good: %w", err)
	}
	p.drawn = true
	return nil
}

// drop closes the file, and removes it where nothing was drawn.
func (p *picture) drop() {
	if p.file == nil {
		return
	}
	p.file.Close()
	if !p.drawn {
		os.Remove(p.file.Name())
	}
}
