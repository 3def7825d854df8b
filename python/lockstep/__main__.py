"""`python -m lockstep` is the command `lockstep`; Ctrl-C ends it while it is imported, too."""

import sys


def main() -> int:
    """Run the command line and return the exit status."""
    try:
        from lockstep import cli
    except KeyboardInterrupt:
        print("\nlockstep: interrupted", file=sys.stderr)
        return 130
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
