// Command docgen makes what the docs take from the code.
//
//	docgen schema [-address NAME]
//	docgen pages SCHEMA.json PAGE.md...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "schema":
			return printSchema(ctx, args[1:], stdout)
		case "pages":
			return fillPages(args[1:])
		}
	}
	return errors.New("usage: docgen schema [-address NAME], or docgen pages SCHEMA.json PAGE.md, and more pages")
}
