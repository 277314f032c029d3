package minio

// SendInPartsOver makes the vault send what is larger than that in parts, as it does over 5 GiB.
func SendInPartsOver(v *Vault, bytes int64) { v.onePiece = bytes }

// Disconnect makes the vault ask where nobody answers.
func Disconnect(v *Vault) {
	lost, err := Address{Key: "key", Secret: "secret", Host: "127.0.0.1:9", Bucket: v.bucket, Region: "us-east-1"}.client()
	if err != nil {
		panic(err)
	}
	v.client = lost
}
