package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// plugin is a provider process without Terraform. It is spoken to in the bytes
// of gRPC: the messages that are needed have few fields, and the generated code
// for them is private to the plugin library.
type plugin struct {
	cmd  *exec.Cmd
	http *http.Client
	// handshake is how long it took from the start to the line that says where it
	// listens.
	handshake time.Duration
}

// magicCookie tells a provider that it is started as a plugin.
const magicCookie = "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

// startPlugin starts a provider and waits for its handshake:
// CORE-PROTOCOL|PROTOCOL|NETWORK|ADDRESS|grpc|.
func startPlugin(ctx context.Context, space *tfrun.Workspace, program string, environment []string) (*plugin, error) {
	cmd := tfrun.Command(ctx, space.Root, append(append(space.Environment(), environment...), magicCookie, "PLUGIN_PROTOCOL_VERSIONS=6"), program)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the provider: %w", err)
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the provider: %w", err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	p := &plugin{cmd: cmd, handshake: time.Since(started)}
	parts := strings.Split(strings.TrimSpace(line), "|")
	if err != nil || len(parts) < 5 {
		_ = p.cmd.Process.Kill()
		p.stop(ctx)
		return nil, fmt.Errorf("the provider's handshake is %q (%w)", line, errors.Join(err, ctx.Err()))
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	p.http = &http.Client{Transport: &http.Transport{
		Protocols: &protocols,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, parts[2], parts[3])
		},
	}}
	return p, nil
}

// shutdownWithin is how long a provider may take to end when it is asked to.
const shutdownWithin = 5 * time.Second

// stop asks the process to end, as Terraform does, and returns how much CPU time
// it used.
func (p *plugin) stop(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin)
	defer cancel()
	if p.http != nil {
		// The connection ends with the process, often before there is an answer.
		_, _ = p.call(ctx, "plugin.GRPCController/Shutdown", nil)
		p.http.CloseIdleConnections()
	}
	hung := context.AfterFunc(ctx, func() { _ = p.cmd.Process.Kill() })
	defer hung()
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// frameHeader is a byte for compression and the length of the message.
const frameHeader = 5

// providerService is the service of protocol 6.
const providerService = "tfplugin6.Provider/"

// call makes one call; the method has the name of its service before it.
func (p *plugin) call(ctx context.Context, method string, message []byte) ([]byte, error) {
	frame := make([]byte, frameHeader, frameHeader+len(message))
	binary.BigEndian.PutUint32(frame[1:], uint32(len(message))) //nolint:gosec // a few kilobytes.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://plugin/"+method, bytes.NewReader(append(frame, message...)))
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("Te", "trailers")
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	if status := resp.Trailer.Get("Grpc-Status"); status != "0" || len(content) < frameHeader {
		return nil, fmt.Errorf("call %s: status %q: %s", method, status, resp.Trailer.Get("Grpc-Message"))
	}
	return content[frameHeader:], nil
}

// lengthDelimited is the wire type of strings, bytes and messages.
const lengthDelimited = 2

// field encodes a field of a message.
func field(number uint64, content []byte) []byte {
	encoded := binary.AppendUvarint(nil, number<<3|lengthDelimited)
	encoded = binary.AppendUvarint(encoded, uint64(len(content)))
	return append(encoded, content...)
}

// dynamicValue encodes a field that is a value in MessagePack.
func dynamicValue(number uint64, value []byte) []byte { return field(number, field(1, value)) }

// fieldOf returns the first field of that number, nil when there is none. All
// fields of the answers that are looked into are length-delimited.
func fieldOf(message []byte, number uint64) []byte {
	for len(message) > 0 {
		key, n := binary.Uvarint(message)
		if n <= 0 || key&7 != lengthDelimited {
			return nil
		}
		length, m := binary.Uvarint(message[n:])
		if m <= 0 || length > uint64(len(message[n+m:])) {
			return nil
		}
		end := n + m + int(length) //nolint:gosec // bounded by the message, see above.
		if key>>3 == number {
			return message[n+m : end]
		}
		message = message[end:]
	}
	return nil
}
