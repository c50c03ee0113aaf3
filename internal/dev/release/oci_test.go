package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// descriptor is how one document of an OCI registry names another.
type descriptor struct {
	MediaType    string            `json:"mediaType"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Digest       string            `json:"digest"`
	Size         int               `json:"size"`
	Platform     map[string]string `json:"platform,omitempty"`
}

// ociDocument is a manifest, or an index of manifests.
type ociDocument struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	ArtifactType  string       `json:"artifactType"`
	Config        *descriptor  `json:"config,omitempty"`
	Layers        []descriptor `json:"layers,omitempty"`
	Manifests     []descriptor `json:"manifests,omitempty"`
}

// The types that OpenTofu looks for, and those of OCI.
const (
	ociIndex    = "application/vnd.oci.image.index.v1+json"
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	ociEmpty    = "application/vnd.oci.empty.v1+json"
	tofuIndex   = "application/vnd.opentofu.provider"
	tofuTarget  = "application/vnd.opentofu.provider-target"
)

// ociRegistry serves one repository, read-only: documents and blobs by digest, and
// the index by its tag.
type ociRegistry struct {
	repository, tag string
	// content and types are by digest; the tag names the index.
	content map[string][]byte
	types   map[string]string
}

// newOCIRegistry holds the archive of a mirror for this platform, as OpenTofu's
// documentation has providers pushed.
func newOCIRegistry(t *testing.T, mirror, repository string) *ociRegistry {
	t.Helper()
	suffix := "_" + host + ".zip"
	found, err := filepath.Glob(filepath.Join(mirror, "*", "*", "*", "*"+suffix))
	if err != nil || len(found) != 1 {
		t.Fatalf("the mirror has the archives %q: %v", found, err)
	}
	archive, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	_, tag, _ := strings.Cut(strings.TrimSuffix(filepath.Base(found[0]), suffix), "appypie_")
	r := &ociRegistry{repository: repository, tag: tag, content: map[string][]byte{}, types: map[string]string{}}
	empty := r.add(ociEmpty, []byte("{}"))
	target := r.addDocument(t, ociDocument{
		SchemaVersion: 2, MediaType: ociManifest, ArtifactType: tofuTarget,
		Config: &empty, Layers: []descriptor{r.add("archive/zip", archive)},
	})
	target.ArtifactType = tofuTarget
	target.Platform = map[string]string{"os": runtime.GOOS, "architecture": runtime.GOARCH}
	index := r.addDocument(t, ociDocument{SchemaVersion: 2, MediaType: ociIndex, ArtifactType: tofuIndex, Manifests: []descriptor{target}})
	r.content[tag], r.types[tag] = r.content[index.Digest], ociIndex
	return r
}

func (r *ociRegistry) add(mediaType string, content []byte) descriptor {
	sum := sha256.Sum256(content)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	r.content[digest], r.types[digest] = content, mediaType
	return descriptor{MediaType: mediaType, Digest: digest, Size: len(content)}
}

func (r *ociRegistry) addDocument(t *testing.T, document ociDocument) descriptor {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return r.add(document.MediaType, text)
}

// ServeHTTP implements http.Handler.
func (r *ociRegistry) ServeHTTP(w http.ResponseWriter, asked *http.Request) {
	below, ours := strings.CutPrefix(asked.URL.Path, "/v2/"+r.repository+"/")
	kind, name, _ := strings.Cut(below, "/")
	switch content := r.content[name]; {
	case asked.URL.Path == "/v2/": // Whoever asks learns that this is a registry.
	case ours && below == "tags/list":
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"name": %q, "tags": [%q]}`, r.repository, r.tag)
	case ours && content != nil && (kind == "manifests" || kind == "blobs"):
		sum := sha256.Sum256(content)
		w.Header().Set("Content-Type", r.types[name])
		w.Header().Set("Docker-Content-Digest", "sha256:"+hex.EncodeToString(sum[:]))
		http.ServeContent(w, asked, "", time.Time{}, bytes.NewReader(content))
	default:
		http.NotFound(w, asked)
	}
}
