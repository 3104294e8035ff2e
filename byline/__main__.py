"""`python -m byline`, for where the command is not on the path."""

from byline.cli.commands import main

main(prog_name="byline")
