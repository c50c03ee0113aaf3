// Package auth obtains the access tokens that calls of the Connect API carry.
//
// The answer to a refresh carries a new refresh token and may invalidate the old
// one, and Terraform runs a separate provider process for each alias and each
// phase. A refresh token that is kept in memory, or written without a lock, is
// therefore lost or used twice, and under family revocation that ends the login.
// The package exists to make both impossible:
//
//   - a refresh token is spent only under a lock that spans processes, after the
//     store was read again under that lock;
//   - the place where the answer goes is written and synced before the token is
//     spent, and so is a note of the intent;
//   - the exchange is not cut short by cancellation, and its answer is on disk
//     before anyone uses it;
//   - the fingerprint of every refresh token ever seen is kept, so that a seed
//     left in a configuration is never taken for a new login.
//
// It knows nothing of Terraform. See [New] for the sources, [Login], [Logout] and
// [Inspect] for the companion command.
package auth
