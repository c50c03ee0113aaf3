package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"time"
)

// address is the provider's below the host of a registry.
const address = "appypie-community/appypie"

// registry serves a release in the two ways by which Terraform and OpenTofu fetch
// providers: as a network mirror and as a registry.
type registry struct {
	files

	// publicKey is what the maintainer gave to the registry; keyID names it.
	publicKey, keyID string
	// URL is the root of the service and CA the authority that it is trusted by.
	URL string
	CA  []byte
}

// serve starts the service on loopback, with a certificate of an authority that
// nobody else knows. It ends with the context.
func (r *registry) serve(ctx context.Context) error {
	certificate, authority, err := newAuthority()
	if err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the release: %w", err)
	}
	r.URL, r.CA = "https://"+listener.Addr().String(), authority
	handler, err := r.handler()
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: time.Minute,
		// What goes wrong is told by the program that asks.
		ErrorLog:  log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.ServeTLS(listener, "", "") }() // It ends by Close.
	return nil
}

// newAuthority makes an authority and a certificate by it, for loopback and for
// hosts by their names.
func newAuthority(hosts ...string) (certificate tls.Certificate, authority []byte, err error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	from, until := time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Release check"}, NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: until, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: hosts,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	if err != nil {
		return certificate, nil, err
	}
	self, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return certificate, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: self}), nil
}

// archive is the provider for one platform.
type archive struct {
	platform

	name, sum string
}

// archives are those of the provider that the folder has.
func (r *registry) archives() ([]archive, error) {
	provider, err := r.program("provider")
	if err != nil {
		return nil, err
	}
	var all []archive
	for _, target := range provider.platforms() {
		name, err := provider.archiveName(r.version, target)
		if err != nil {
			return nil, err
		}
		if !r.has(name) {
			continue
		}
		sum, err := sumOf(filepath.Join(r.dir, name))
		if err != nil {
			return nil, err
		}
		all = append(all, archive{target, name, sum})
	}
	return all, nil
}

// handler answers as https://developer.hashicorp.com/terraform/internals/provider-network-mirror-protocol
// and https://developer.hashicorp.com/terraform/internals/provider-registry-protocol say.
func (r *registry) handler() (http.Handler, error) {
	archives, err := r.archives()
	if err != nil {
		return nil, err
	}
	sums, err := r.sumsName(r.version)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/files/", http.StripPrefix("/files/", http.FileServer(http.Dir(r.dir))))

	mirrored := map[string]any{}
	var platforms []map[string]string
	for _, a := range archives {
		mirrored[a.String()] = map[string]any{"url": r.URL + "/files/" + a.name, "hashes": []string{"zh:" + a.sum}}
		platforms = append(platforms, map[string]string{"os": a.os, "arch": a.arch})
		answer(mux, "/v1/providers/"+address+"/"+r.version+"/download/"+a.os+"/"+a.arch, map[string]any{
			"protocols": []string{"6.0"}, "os": a.os, "arch": a.arch, "filename": a.name, "shasum": a.sum,
			"download_url": r.URL + "/files/" + a.name, "shasums_url": r.URL + "/files/" + sums, "shasums_signature_url": r.URL + "/files/" + sums + signatureSuffix,
			"signing_keys": map[string]any{"gpg_public_keys": []any{map[string]string{"key_id": r.keyID, "ascii_armor": r.publicKey}}},
		})
	}
	answer(mux, "/v1/providers/"+address+"/versions", map[string]any{
		"versions": []any{map[string]any{"version": r.version, "protocols": []string{"6.0"}, "platforms": platforms}},
	})
	for _, host := range []string{terraformHost, opentofuHost} {
		place := "/mirror/" + host + "/" + address + "/"
		answer(mux, place+"index.json", map[string]any{"versions": map[string]any{r.version: map[string]any{}}})
		answer(mux, place+r.version+".json", map[string]any{"archives": mirrored})
	}
	return mux, nil
}

// answer has a path answered with JSON.
func answer(mux *http.ServeMux, path string, document any) {
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(document)
	})
}
