"""Where the executable begins."""

from raincheck.cli.main import main

main()
