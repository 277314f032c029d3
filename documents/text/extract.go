package text

import (
	"context"
	"io"

	"maillon/qms"
)

func extract(ctx context.Context, _ string, _ io.ReaderAt, size int64) (Text, error) {
	if size == 0 {
		return Text{}, qms.Invalid("file.empty")
	}
	return Text{}, ctx.Err()
}
