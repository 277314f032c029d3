package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"maillon/qms"
)

//go:embed static
var staticFiles embed.FS

// assets are the files that pages use, under names that change with their content, so that a browser
// may keep them for ever, each compressed once at the start.
type assets struct {
	names  map[string]string // maillon.css → maillon.1f2e3d4c5b6a.css
	byPath map[string]*asset
}

type asset struct {
	kind            string
	plain, gzip, br []byte
}

var kindsOfAsset = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
}

func loadAssets() (*assets, error) {
	a := &assets{names: map[string]string{}, byPath: map[string]*asset{}}
	files, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			return nil, err
		}
		ext := path.Ext(f.Name())
		if kindsOfAsset[ext] == "" {
			return nil, fmt.Errorf("static/%s: no media type is known for it", f.Name())
		}
		sum := sha256.Sum256(data)
		name := strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		made := &asset{kind: kindsOfAsset[ext], plain: data}
		if made.gzip, made.br, err = compress(data); err != nil {
			return nil, err
		}
		a.names[f.Name()], a.byPath[name] = name, made
	}
	return a, nil
}

func compress(data []byte) (gz, br []byte, err error) {
	var g, b bytes.Buffer
	w, err := gzip.NewWriterLevel(&g, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	x := brotli.NewWriterLevel(&b, brotli.BestCompression)
	for _, out := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{w, x} {
		if _, err := out.Write(data); err != nil {
			return nil, nil, err
		}
		if err := out.Close(); err != nil {
			return nil, nil, err
		}
	}
	return g.Bytes(), b.Bytes(), nil
}

// path is where pages find the file. A page that names none of ours does not render.
func (a *assets) path(name string) (string, error) {
	hashed, ok := a.names[name]
	if !ok {
		return "", fmt.Errorf("no static file is called %s", name)
	}
	return "/static/" + hashed, nil
}

func (a *assets) serve(c *fiber.Ctx) error {
	found := a.byPath[c.Params("*")]
	if found == nil {
		return qms.NotFound("route.not_found")
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'") // an SVG opened alone
	return found.send(c)
}

// favicon answers browsers that ask without having read the page.
func (a *assets) favicon(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return a.byPath[a.names["favicon.svg"]].send(c)
}

func (f *asset) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, f.kind)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Vary(fiber.HeaderAcceptEncoding)
	switch accepted := c.Get(fiber.HeaderAcceptEncoding); {
	case strings.Contains(accepted, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(f.br)
	case strings.Contains(accepted, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.gzip)
	}
	return c.Send(f.plain)
}
