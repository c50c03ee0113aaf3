// Command docgen makes what the docs take from the code.
//
//	docgen schema
//	docgen pages PAGE.md...
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "schema":
		return printSchema(ctx, stdout)
	case len(args) > 1 && args[0] == "pages":
		return fillPages(ctx, args[1:])
	}
	return errors.New("usage: docgen schema, or docgen pages PAGE.md, and more pages")
}
