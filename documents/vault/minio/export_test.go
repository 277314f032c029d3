package minio

// SendInPartsOver makes the vault send what is larger than that in parts, as it does over 5 GiB.
func SendInPartsOver(v *Vault, bytes int64) { v.onePiece = bytes }
