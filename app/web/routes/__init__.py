"""The routes: each reads its input, makes one call, and redirects or renders."""
