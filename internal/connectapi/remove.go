package connectapi

import (
	"context"
	"fmt"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Remove turns a connect off and, unless keep is set, deletes it. A connect
// that is gone is an error that is ErrNotFound, and one that is kept and does
// not turn off is an error that is ErrNotTaken. A listing that does not show the
// connect is no proof: the service is asked all the same.
func (c *Client) Remove(ctx context.Context, connectID string, keep bool) error {
	release, err := c.lockConnect(ctx, connectID)
	if err != nil {
		return err
	}
	defer release()
	current, err := c.directory.find(ctx, connectID, c.directory.toEdit())
	if err != nil {
		return err
	}
	// What cannot be read, or is not listed, may be on.
	if current == nil || current.On || current.Unreadable != nil {
		if err := c.TurnOff(ctx, connectID); err != nil {
			return fmt.Errorf("%s: %w", StageTurnOff, c.gone(ctx, connectID, err))
		}
		if keep {
			return c.proveOff(ctx, connectID)
		}
	}
	if keep {
		return nil
	}
	return c.gone(ctx, connectID, c.Delete(ctx, connectID))
}

// provenSwitches is how many answers to switches in a row a reading has to bear
// out before they are believed where no later plan would show the truth. To read
// after each would cost 40 connects 38 pages more than an apply may cost.
const provenSwitches = 5

// doubtSwitch has a connect read after its switch was moved, unless the service has
// proven to answer such calls truly.
func (c *Client) doubtSwitch(connectID string) {
	if c.borneOut.Load() < provenSwitches {
		c.directory.wrote(connectID, nil)
	}
}

// switched notes whether the switch is where it was moved to.
func (c *Client) switched(borneOut bool) {
	if !borneOut {
		c.borneOut.Store(0)
		return
	}
	c.borneOut.Add(1)
}

// proveOff reads a connect that Terraform forgets.
func (c *Client) proveOff(ctx context.Context, connectID string) error {
	for range 2 {
		c.doubtSwitch(connectID)
		connect, err := c.settled(ctx, connectID, func(connect *Connect) bool { return !connect.On })
		if err != nil {
			return err
		}
		if c.switched(!connect.On); !connect.On {
			return nil
		}
		if err := c.TurnOff(ctx, connectID); err != nil {
			return err
		}
	}
	return ErrNotTaken
}

// gone checks an answer that a connect does not exist against the listing: a
// connect that is still listed must not be taken for deleted.
func (c *Client) gone(ctx context.Context, connectID string, err error) error {
	if !IsNotFound(err) {
		return err
	}
	for i := 0; ; i++ {
		shown, lookErr := c.directory.find(ctx, connectID, c.directory.now())
		switch {
		case lookErr != nil:
			return lookErr
		case shown == nil:
			return err
		case i == len(c.settle):
			return fmt.Errorf("the service still lists the connect, although it answered that it does not exist (%w): %s", ErrUnexpectedAnswer, err.Error())
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return err
		}
	}
}
