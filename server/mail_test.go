package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"maillon/scheduler/smtp/smtptest"
)

func TestMailTest_SendsOneMailOrSaysWhy(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{TLS: true, User: "maillon", Password: "s3cret"})
	at := func(password string) string {
		return fmt.Sprintf("smtp://maillon:%s@127.0.0.1:%d?from=qualite@site.example&ca=%s", password, server.Port, url.QueryEscape(server.CA))
	}
	status, out, fault := typed(t, "fr_FR.UTF-8", "mail", "test", "agent01@plateforme.example", "--smtp", at("s3cret"))
	if status != done || !strings.Contains(out, "agent01@plateforme.example") || fault != "" {
		t.Errorf("ends with %d: %s%s", status, out, fault)
	}
	if all := server.Mails(); len(all) != 1 || all[0].To != "agent01@plateforme.example" || !strings.HasPrefix(all[0].Read(t).Subject, "Maillon\u202f: message d’essai") {
		t.Errorf("arrived: %+v", all)
	}
	for line, want := range map[string]string{
		"":                     "--smtp",
		at("wr0ng-one"):        "sign-in",
		"smtp://u:wr0ng-one@h": "from",
		"smtp://u:wr0ng-one@127.0.0.1:1?tls=none&from=a@b.example": "connection",
	} {
		status, out, fault := typed(t, "C", "mail", "test", "agent01@plateforme.example", "--smtp", line)
		if status != refused || !strings.Contains(fault, want) || strings.Contains(out+fault, "wr0ng-one") {
			t.Errorf("%s ends with %d: %s%s", line, status, out, fault)
		}
	}
	if status, _, fault := typed(t, "C", "mail", "test", "a@b.example\r\nBcc: c@d.example", "--smtp", at("s3cret")); status != refused || len(server.Mails()) != 1 {
		t.Errorf("an address with a line break ends with %d: %s", status, fault)
	}
}

func TestServe_RefusesAMailServerWithoutAnAddressOfTheSite(t *testing.T) {
	t.Parallel()
	status, _, fault := typed(t, "C", "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--office", "none", "--smtp", "smtp://u:s3cret@mail.site.example?from=a@b.example")
	if status != refused || !strings.Contains(fault, "--url") || strings.Contains(fault, "s3cret") {
		t.Errorf("ends with %d: %s", status, fault)
	}
}
