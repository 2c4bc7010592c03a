"""`python -m dispatchwatch` is the same as `dispatchwatch`."""

from dispatchwatch.cli import main

if __name__ == "__main__":
    main()
