package fakeslack_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	fakeslack "reschedulebot/bot/bottest/slack"
)

const csv = "receipt,site\nIOE0000000101,Chicago\n"

func TestSharedFileIsDownloaded(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	k, lee := b.open(), srv.Member("Lee")
	lee.Upload("clients.csv", []byte(csv), "")
	e := k.next()
	if e.field("event", "subtype") != "file_share" || e.field("event", "files", "name") != "clients.csv" || e.field("event", "files", "filetype") != "csv" {
		t.Errorf("the app got %s", e.Payload)
	}
	link := e.field("event", "files", "url_private_download")
	var got bytes.Buffer
	if err := slack.New(b.token, slack.OptionAPIURL(b.api)).GetFile(link, &got); err != nil || got.String() != csv {
		t.Errorf("downloaded: %q, %v", got.String(), err)
	}
	resp, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if page, _ := io.ReadAll(resp.Body); !strings.Contains(string(page), "Sign in") {
		t.Errorf("without a token came %q", page)
	}
	if r := b.call("files.info", "file", e.field("event", "files", "id")); !r.OK {
		t.Errorf("files.info: %+v", r)
	}
}

func TestUpload(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	lee := srv.Member("Lee")
	api := slack.New(b.token, slack.OptionAPIURL(b.api))
	_, err := api.UploadFile(slack.UploadFileParameters{Reader: strings.NewReader(csv), FileSize: len(csv), Filename: "result.csv", Title: "Result",
		Channel: lee.DMID(), InitialComment: "2 of 3"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := lee.Next(t.Context())
	if err != nil || m.Text != "2 of 3" || len(m.Files) != 1 || string(m.Files[0].Data) != csv || m.Files[0].Title != "Result" {
		t.Errorf("Lee sees %+v, %v", m, err)
	}
	if _, err := api.UploadFile(slack.UploadFileParameters{Reader: strings.NewReader(csv), FileSize: len(csv) + 1, Filename: "x.csv", Channel: lee.DMID()}); err == nil {
		t.Error("a file of another length was taken")
	}
	r := b.call("files.getUploadURLExternal", "filename", "x.csv", "length", "3")
	if r := b.call("files.completeUploadExternal", "files", `[{"id":"`+r.FileID+`"}]`, "channel_id", lee.DMID()); r.Error != "file_not_found" {
		t.Errorf("a file that never came: %q", r.Error)
	}
	if r := b.call("files.completeUploadExternal", "files", `[{"id":"`+r.FileID+`"}]`, "channel_id", "C0NOWHERE"); r.OK {
		t.Error("a file was shared nowhere")
	}
	if n := len(srv.Files()); n != 1 {
		t.Errorf("%d files are shared", n)
	}
	if got := violations(srv); got != "" {
		t.Error(got)
	}
}
