package fakeslack

import (
	"encoding/json"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

const (
	uploadPath   = "/upload/v1/"
	downloadPath = "/files-pri/"
)

// A File is one that was shared.
type File struct {
	ID    string
	Name  string
	Title string
	User  string // whose
	Size  int
	Data  []byte
}

// A file is one that is on the server, shared or not yet.
type file struct {
	File
	expected int // bytes; an app's, before they came
	arrived  bool
	shared   bool
}

// Files returns the files on the server that were shared, in no order.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []File
	for _, f := range s.files {
		if f.shared {
			all = append(all, f.File)
		}
	}
	return all
}

// Upload shares a file in the person's DM, with some words if they are not "".
func (p *Person) Upload(name string, data []byte, words string) (ts string) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &file{File: File{ID: s.id("F0"), Name: name, Title: name, User: p.ID, Size: len(data), Data: data}, arrived: true, shared: true}
	s.files[f.ID] = f
	return s.publish(p, s.dmOf(p).id, &message{Message: Message{Text: typed(words), Files: []File{f.File}}})
}

// fileFields are a file as it travels. s.mu is held.
func (s *Server) fileFields(f File) obj {
	ext := strings.TrimPrefix(path.Ext(f.Name), ".")
	kind := mime.TypeByExtension("." + ext)
	if ext == "csv" {
		kind = "text/csv"
	}
	kind, _, _ = strings.Cut(kind, ";")
	link := s.base + downloadPath + s.opt.Team + "-" + f.ID + "/" + f.Name
	return obj{
		"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": kind, "filetype": ext, "user": f.User, "user_team": s.teamOf(f.User), "size": f.Size,
		"mode": "hosted", "is_external": false, "is_public": false, "file_access": "visible",
		"url_private": link, "url_private_download": s.base + downloadPath + s.opt.Team + "-" + f.ID + "/download/" + f.Name,
	}
}

func (s *Server) filesInfo(c *Call) answer {
	f := s.files[c.Params.Get("file")]
	if f == nil || !f.shared {
		return refuse("file_not_found")
	}
	return yes(obj{"file": s.fileFields(f.File)})
}

// download gives a file's content.
func (s *Server) download(rest string) answer {
	id, _, _ := strings.Cut(strings.TrimPrefix(rest, s.opt.Team+"-"), "/")
	f := s.files[id]
	if f == nil || !f.shared {
		return answer{status: http.StatusNotFound, error: "file_not_found"}
	}
	return answer{raw: append([]byte{}, f.Data...)}
}

func (s *Server) getUploadURL(c *Call) answer {
	name := c.Params.Get("filename")
	length, err := strconv.Atoi(c.Params.Get("length"))
	if name == "" || err != nil || length <= 0 {
		return refuse("invalid_arguments", "[ERROR] missing required field: filename or length")
	}
	f := &file{File: File{ID: s.id("F0"), Name: name, Title: name, User: BotUser, Size: length}, expected: length}
	s.files[f.ID] = f
	return yes(obj{"upload_url": s.base + uploadPath + f.ID, "file_id": f.ID})
}

// upload takes a file's content. It asks for no token.
func (s *Server) upload(c *Call, verb, id string) answer {
	f := s.files[id]
	switch {
	case verb != http.MethodPost:
		return answer{status: http.StatusMethodNotAllowed, error: "method_not_allowed"}
	case f == nil || f.shared:
		return answer{status: http.StatusNotFound, error: "file_not_found"}
	case len(c.body) != f.expected:
		return answer{status: http.StatusBadRequest, error: "length_mismatch"}
	}
	f.Data, f.arrived = c.body, true
	return answer{plain: "OK - " + strconv.Itoa(len(c.body))}
}

// completeUpload shares files that came.
func (s *Server) completeUpload(c *Call) answer {
	var list []struct{ ID, Title string }
	if json.Unmarshal([]byte(c.Params.Get("files")), &list) != nil || len(list) == 0 {
		return refuse("invalid_arguments", "[ERROR] missing required field: files")
	}
	m := &message{Message: Message{Text: c.Params.Get("initial_comment")}, app: true}
	s.mrkdwn(c.Method, "initial_comment", m.Text)
	files := []obj{}
	for _, x := range list {
		f := s.files[x.ID]
		if f == nil || f.shared || !f.arrived {
			return refuse("file_not_found")
		}
		if x.Title != "" {
			f.Title = x.Title
		}
		m.Files = append(m.Files, f.File)
		files = append(files, obj{"id": f.ID, "title": f.Title})
	}
	if id := c.Params.Get("channel_id"); id != "" {
		ch, a := s.writable(id, false)
		if !a.ok() {
			return a
		}
		if a := s.threaded(ch, m, c); !a.ok() {
			return a
		}
		s.put(ch, m)
	}
	for _, x := range list {
		s.files[x.ID].shared = true
	}
	return yes(obj{"files": files})
}
