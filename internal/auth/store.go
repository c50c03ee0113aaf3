package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// store is where a lineage lives between processes. Its errors are *Error or
// the context's error.
type store interface {
	// load reads the record without a lock; nil means that nothing is stored.
	load(ctx context.Context) (*record, error)
	// lock serializes exchanges across processes. It makes the directory.
	lock(ctx context.Context) (release func(), err error)
	// rescue puts a record in place whose saving was cut off after it was
	// complete. It needs the lock and returns the record that now holds.
	rescue(ctx context.Context, current *record) (*record, error)
	// prepare proves that a record can be saved, before a token is spent for it.
	prepare(ctx context.Context, base *record) (slot, error)
	// save writes a record and raises its revision. It needs the lock.
	save(ctx context.Context, rec *record) error
	// patience is how long an intent of someone else must stay unchanged until
	// its holder counts as dead. Zero means that the lock proves it dead.
	patience() time.Duration
	// location names the store for people.
	location() string
}

// slot is a prepared place for the answer of one exchange.
type slot interface {
	commit(ctx context.Context, rec *record) error
	discard(ctx context.Context)
}

// environment is what the package takes from the machine. Tests replace parts
// of it.
type environment struct {
	fs        fileSystem
	locker    locker
	configDir func() (string, error)
	// holder names this process in an intent.
	holder string
}

func osEnvironment() environment {
	return environment{fs: osFileSystem{}, locker: flockLocker{}, configDir: os.UserConfigDir, holder: rand.Text()}
}

// storeDir is the directory that the configuration means.
func storeDir(cfg StoreConfig, env environment) (string, error) {
	if cfg.Path != "" {
		return filepath.Clean(cfg.Path), nil
	}
	base, err := env.configDir()
	if err != nil {
		return "", &ConfigError{
			"token_store.path", "no directory for the token store",
			"the user's configuration directory cannot be told (" + err.Error() + "); set token_store.path to a directory of your own",
		}
	}
	return filepath.Join(base, "appypie"), nil
}

// openStore returns the store of one resolved login.
func openStore(cfg Config, env environment) (store, error) {
	dir, err := storeDir(cfg.Store, env)
	if err != nil {
		return nil, err
	}
	file := &fileStore{
		dir: dir, key: storeKey(cfg.TokenURL, cfg.ClientID, cfg.Profile),
		tokenURL: cfg.TokenURL, clientID: cfg.ClientID, profile: cfg.Profile,
		fs: env.fs, locker: env.locker, clock: cfg.Clock, log: cfg.Logger,
		lockTimeout: cfg.Store.LockTimeout, sealer: &sealer{key: cfg.Store.EncryptionKey},
	}
	if cfg.Store.Type == StoreCommand {
		return newCommandStore(cfg, file), nil
	}
	return file, nil
}

// explainStore makes an *Error of a store's error.
func explainStore(err error, where, profile string) error {
	var config *ConfigError
	var known *Error
	if errors.As(err, &known) || errors.As(err, &config) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	summary := "the token store " + where + " cannot be read"
	kind := ErrStoreUnreadable
	switch {
	case errors.Is(err, ErrStoreUnsafe):
		kind, summary = ErrStoreUnsafe, "the token store "+where+" is refused"
	case errors.Is(err, ErrStoreFormat):
		kind = ErrStoreFormat
	case errors.Is(err, ErrStoreKey):
		kind = ErrStoreKey
	case errors.Is(err, ErrStoreCorrupt):
		kind = ErrStoreCorrupt
	}
	return &Error{Kinds: []error{kind}, Summary: summary, Attribute: "token_store", Profile: profile, Err: err}
}
