package minio

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	s3 "github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"maillon/qms"
)

// Address is where a bucket is and who may reach it.
type Address struct {
	Key, Secret string
	Host        string // with its port, if it has one
	Bucket      string
	Region      string // "us-east-1" when not stated
	Secure      bool   // TLS, unless secure=false is stated
	Lock        bool   // a bucket that is missing is made with object lock
}

// ParseAddress reads s3://KEY:SECRET@HOST/BUCKET?region=REGION&secure=false&lock=true. A refusal never repeats
// the address, which holds a secret.
func ParseAddress(address string) (Address, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User == nil {
		return Address{}, qms.Invalid("vault.address_malformed")
	}
	a := Address{Key: u.User.Username(), Host: u.Host, Bucket: strings.Trim(u.Path, "/"), Region: "us-east-1", Secure: true}
	a.Secret, _ = u.User.Password()
	if a.Key == "" || a.Secret == "" || a.Bucket == "" || strings.Contains(a.Bucket, "/") {
		return Address{}, qms.Invalid("vault.address_malformed")
	}
	for name, values := range u.Query() {
		switch name {
		case "region":
			a.Region = values[0]
		case "secure":
			if a.Secure, err = strconv.ParseBool(values[0]); err != nil {
				return Address{}, qms.Invalid("vault.address_malformed")
			}
		case "lock":
			if a.Lock, err = strconv.ParseBool(values[0]); err != nil {
				return Address{}, qms.Invalid("vault.address_malformed")
			}
		default:
			return Address{}, qms.Invalid("vault.address_setting", name)
		}
	}
	return a, nil
}

// retries is how often a request is sent before the service counts as unreachable: some seconds.
const retries = 4

func (a Address) client() (*s3.Client, error) {
	transport, err := s3.DefaultTransport(a.Secure)
	if err != nil {
		return nil, err
	}
	transport.DisableCompression = true // contents are read as they are kept
	return s3.New(a.Host, &s3.Options{
		Creds:           credentials.NewStaticV4(a.Key, a.Secret, ""),
		Secure:          a.Secure,
		Region:          a.Region,
		Transport:       http.RoundTripper(transport),
		TrailingHeaders: true,
		MaxRetries:      retries,
	})
}
